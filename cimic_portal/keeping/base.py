"""Whole backups of the database: taken, verified, and dropped when they are old."""

import re
import shutil
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .place import Place, finished, moment_of, name_of
from .server import Server, binary, run

_START = re.compile(rb"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


def take(server: Server, place: Place) -> Path:
    """Fetch the database whole while it works, and keep it only when every checksum agrees."""
    fresh = place.bases / "unfinished"
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["--format=tar", "--compress=gzip", "--wal-method=stream", "--checkpoint=fast"]
    options += ["--manifest-checksums=SHA256", f"--pgdata={fresh}"]
    run(server.program("pg_basebackup", *options), "No backup was made.", server.environment)
    complete = datetime.now(UTC)
    verify(fresh)
    return fresh.rename(place.bases / name_of(complete))


def verify(base: Path) -> None:
    """Compare every file with the list that the server made of them."""
    # What stands in the log of a packed backup is read by the server when it is restored.
    command = [str(binary("pg_verifybackup")), "--quiet", "--no-parse-wal", str(base)]
    run(command, f"The backup in {base} is damaged; it is not to be used.")


def first_change(base: Path) -> str:
    """The segment of the log from which this backup needs all that follow."""
    with tarfile.open(base / "base.tar.gz") as archive:
        label = archive.extractfile("backup_label")
        found = _START.search(label.read()) if label else None
    assert found is not None
    return found[1].decode()


def drop_old(place: Place, days: int) -> list[str]:
    """Remove backups that are not needed for any moment of the last so many days; return their names.

    The newest from before then stays: the first of those days is reached from it.
    """
    oldest = datetime.now(UTC) - timedelta(days=days)
    before = [base for base in finished(place) if moment_of(base) < oldest]
    for base in before[:-1]:
        shutil.rmtree(base)
    if kept := finished(place):
        needed = first_change(kept[0])
        for folder in place.changes.iterdir():
            run([str(binary("pg_archivecleanup")), str(folder), needed], "Old changes were not removed.")
    return [base.name for base in before[:-1]]
