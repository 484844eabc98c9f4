"""Back to a moment: a new cluster and a new folder of files, never over what is there.

What is written is a cluster that any server of this version replays by itself when it starts; it needs
nothing else of the backups.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .base import first_change, verify
from .files import put_back
from .place import KeepingError, Place, finished, moment_of
from .server import run

# Beside the server's own folders until it has replayed them.
_KEPT = "kept_wal"
_PARTIAL = ".partial"


@dataclass(frozen=True)
class Restored:
    """From which backup, with how many segments of changes and how many files."""

    base: str
    segments: int
    files: int


def restore(place: Place, moment: datetime | None, cluster: Path, files: Path) -> Restored:
    """Prepare `cluster` and `files` for the moment, or for the last change that was kept."""
    for folder in (cluster, files):
        if folder.exists() and any(folder.iterdir()):
            raise KeepingError(f"{folder} is not empty. Restore into a new folder; nothing was changed.")
    base = _base_for(place, moment)
    verify(base)
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.chmod(0o700)
    _unpack(base / "base.tar.gz", cluster)
    _unpack(base / "pg_wal.tar.gz", cluster / "pg_wal")
    segments = _bring_changes(place, first_change(base), cluster / _KEPT)
    _tell_server(cluster, moment)
    files.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Restored(base.name, segments, put_back(place.files, files))


def _base_for(place: Place, moment: datetime | None) -> Path:
    """The newest that was complete at the moment."""
    bases = finished(place)
    if not bases:
        raise KeepingError(f"There is no backup in {place.folder}.")
    if moment is None:
        return bases[-1]
    if moment > datetime.now(UTC):
        raise KeepingError("The moment lies in the future. For all that was kept say: latest")
    before = [base for base in bases if moment_of(base) <= moment]
    if not before:
        raise KeepingError(
            f"The oldest backup is of {moment_of(bases[0]):%Y-%m-%d %H:%M:%SZ}; go no further back."
        )
    return before[-1]


def _unpack(archive: Path, target: Path) -> None:
    command = ["tar", "--extract", "--no-same-owner", "--preserve-permissions"]
    run([*command, f"--file={archive}", f"--directory={target}"], f"{archive} could not be unpacked.")


def _bring_changes(place: Place, first: str, target: Path) -> int:
    """Copy the log from its segment `first` on, over all timelines; what is being written counts too."""
    target.mkdir(mode=0o700)
    number = 0
    for path in sorted(place.changes.glob("*/*")):
        name = path.name.removesuffix(_PARTIAL)
        whole = path.with_name(name)
        if name.endswith(".history") or (name[8:] >= first[8:] and (path == whole or not whole.exists())):
            shutil.copyfile(path, target / name)
            number += 1
    return number


def _tell_server(cluster: Path, moment: datetime | None) -> None:
    lines = [
        f'restore_command = \'cp "{_KEPT}/%f" "%p"\'',
        f"recovery_end_command = 'rm -r {_KEPT}'",
        # Nobody reads what is not the moment yet.
        "hot_standby = off",
        # Also when there is none: a backup of what was restored before brings the old one along.
        f"recovery_target_time = '{moment.astimezone(UTC).isoformat(sep=' ') if moment else ''}'",
        "recovery_target_action = 'promote'",
    ]
    with (cluster / "postgresql.auto.conf").open("a") as settings:
        settings.write("\n".join(["", *lines, ""]))
    (cluster / "recovery.signal").touch(mode=0o600)


def give_to(folder: Path, user: int) -> None:
    """Let another user own it: the one as whom the server or the portal runs."""
    os.chown(folder, user, user)
    for root, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.chown(Path(root) / name, user, user, follow_symlinks=False)
