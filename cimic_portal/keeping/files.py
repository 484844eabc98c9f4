"""The files beside the database. None is ever changed: each is copied once, under the name it has."""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from .place import KeepingError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY = 24 * 60 * 60


def mirror(source: Path, target: Path) -> list[str]:
    """Copy what is not there yet; return the names of files that are damaged, which are not copied."""
    damaged = []
    for path in _whole(source):
        copy = target / path.relative_to(source)
        if not copy.exists():
            try:
                _copy(path, copy)
            except KeepingError:
                damaged.append(path.name)
            except FileNotFoundError:
                # Removed a moment ago.
                continue
    return damaged


def drop_removed(source: Path, target: Path, days: int) -> None:
    """Drop what the portal has not had for so many days: the time of a copy says when it was last seen."""
    now = time.time()
    for copy in _whole(target):
        if (source / copy.relative_to(target)).exists():
            os.utime(copy, (now, now))
        elif copy.stat().st_mtime < now - days * _DAY:
            copy.unlink()


def put_back(kept: Path, target: Path) -> int:
    """Copy every file to its place; return how many."""
    paths = list(_whole(kept))
    for path in paths:
        _copy(path, target / path.relative_to(kept))
    return len(paths)


def _whole(folder: Path) -> Iterator[Path]:
    """Every file but those that are being written, whose names begin with a dot."""
    for root, _folders, names in os.walk(folder):
        yield from (Path(root) / name for name in names if not name.startswith("."))


def _copy(path: Path, copy: Path) -> None:
    """Whole or not at all; one whose name is the digest of its content must still be that."""
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = copy.with_name(f".{copy.name}")
    shutil.copyfile(path, fresh)
    with fresh.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    if _DIGEST.fullmatch(path.name) and digest != path.name:
        fresh.unlink()
        raise KeepingError(f"The file {path} is damaged; its copy was not kept.")
    fresh.rename(copy)
