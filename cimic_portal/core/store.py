"""Files kept under the digest of their content, so that none is ever overwritten or named by a user."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.conf import settings

_CHUNK = 256 * 1024
_NEW = ".new-"


@dataclass(frozen=True)
class Kept:
    """SHA-256 in hexadecimal, and the size in bytes."""

    sha256: str
    size: int


class FileStore:
    """The files of one folder under MEDIA_ROOT."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.name

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes | IO[bytes]) -> Kept:
        """Write it whole or not at all, and to disk before this returns; equal content is kept once."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(prefix=_NEW, dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as target:
                for piece in _pieces(content):
                    digest.update(piece)
                    size += len(piece)
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
            path = self._path(digest.hexdigest())
            path.parent.mkdir(mode=0o700, exist_ok=True)
            Path(name).replace(path)
            _sync_folder(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Kept(digest.hexdigest(), size)

    def open(self, sha256: str) -> IO[bytes]:
        """The file at its beginning. OSError when it is missing or no longer what it was."""
        file = cast(IO[bytes], self._path(sha256).open("rb"))
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
            file.close()
            raise OSError(f"The file {sha256} in {self.folder} is damaged.")
        file.seek(0)
        return file

    def digests(self, older_than: float) -> Iterator[str]:
        """Digests of the files that are older than so many seconds."""
        before = time.time() - older_than
        for path in self.folder.glob("??/*"):
            if path.stat().st_mtime < before:
                yield path.name

    def drop(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def drop_unfinished(self, older_than: float) -> None:
        """Remove what a worker had begun to write when it died, `older_than` seconds ago or more."""
        before = time.time() - older_than
        for path in self.folder.glob(f"{_NEW}*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)


def _pieces(content: bytes | IO[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content:
        while piece := content.read(_CHUNK):
            yield piece


def _sync_folder(folder: Path) -> None:
    """The name must be on disk too, or a power cut after the commit loses the file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


documents = FileStore("documents")
attachments = FileStore("attachments")
