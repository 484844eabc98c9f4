"""The command line of the backups; `--help` lists its commands."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .base import verify
from .keep import keep, whole
from .place import KeepingError, Place, finished, moment_of, plan
from .restore import give_to, restore


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    found = _parser().parse_args(arguments)
    try:
        if found.name == "keep":
            keep(plan())
        elif found.name == "backup":
            whole(plan())
        elif found.name == "list":
            _list(Place(found.folder))
        else:
            _restore(found)
    except (KeepingError, ImproperlyConfigured, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cimic_portal.keeping", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    commands.add_parser(
        "keep", help="fetch every change, the files, each night the whole, until told to stop"
    )
    commands.add_parser("backup", help="make and verify one whole backup now")
    shown = commands.add_parser("list", help="verify the whole backups and say which moments can be reached")
    shown.add_argument("folder", type=Path)
    back = commands.add_parser("restore_to", help="prepare a new cluster and new files as of a moment")
    back.add_argument("moment", type=_moment, help="such as 2026-11-29T10:15:00Z, or latest")
    back.add_argument("--from", dest="folder", type=Path, required=True, help="folder of the backups")
    back.add_argument("--cluster", type=Path, required=True, help="new folder of the database")
    back.add_argument("--files", type=Path, required=True, help="new folder of the files")
    back.add_argument("--cluster-user", type=int, help="number of the user as whom the database runs")
    back.add_argument("--files-user", type=int, help="number of the user as whom the portal runs")
    return parser


def _moment(text: str) -> datetime | None:
    if text == "latest":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} is no moment with its zone, such as 2026-11-29T10:15:00Z")
    return moment


def _list(place: Place) -> None:
    bases = finished(place)
    for base in bases:
        verify(base)
        hours = (datetime.now(UTC) - moment_of(base)).total_seconds() / 3600
        print(f"{base.name}  verified, {hours:.1f} hours old")
    if not bases:
        raise KeepingError(f"There is no backup in {place.folder}.")
    changes = [path.stat().st_mtime for path in place.changes.glob("*/*")]
    last = f"{datetime.fromtimestamp(max(changes), UTC):%Y-%m-%dT%H:%M:%SZ}" if changes else "none"
    print(f"Any moment from {moment_of(bases[0]):%Y-%m-%dT%H:%M:%SZ} on; last change received: {last}.")


def _restore(found: argparse.Namespace) -> None:
    done = restore(Place(found.folder), found.moment, found.cluster, found.files)
    for folder, user in ((found.cluster, found.cluster_user), (found.files, found.files_user)):
        if user is not None:
            give_to(folder, user)
    until = "the last change kept" if found.moment is None else found.moment.astimezone(UTC).isoformat()
    print(f"Prepared from {done.base}, verified: {done.segments} segments of changes, {done.files} files.")
    print(f"Start Postgres on {found.cluster}: it replays up to {until} by itself.")


if __name__ == "__main__":
    sys.exit(main())
