"""ZIP archives from outside: every entry is looked at before anything is taken out."""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

_CHUNK = 64 * 1024
_LONGEST_PATH = 240
# The ways in which tools pack. Others are rare, and some ask for any amount of memory.
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# An archive that grows so many times while it is unpacked is a trap, once it is larger than a small one.
_MOST_GROWTH, _SMALL = 100, 2 * 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


class ArchiveError(ValueError):
    """The archive is refused; the message says why."""


@dataclass(frozen=True)
class Limits:
    """What may come out of an archive at most: how many files, and bytes of one and of all."""

    files: int
    file_bytes: int
    total_bytes: int


class Archive:
    """One archive while it is read. What it grows to is counted by what comes out, not by what it says."""

    def __init__(self, package: zipfile.ZipFile, packed: int, limits: Limits) -> None:
        self._package, self._packed, self._limits = package, packed, limits
        self._total = 0

    def entries(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        """Its files by their paths. Raises ArchiveError for whatever is odd about any entry."""
        found = self._package.infolist()
        if sum(not _is_folder(info) for info in found) > self._limits.files:
            raise ArchiveError(_("It holds more than %(most)s files.") % {"most": self._limits.files})
        seen: set[str] = set()
        for info in found:
            path = _safe_path(info)
            _check_kind(path, info)
            if _is_folder(info):
                continue
            if info.compress_type not in _WAYS:
                words = _("%(path)s is packed in another way than ZIP files as a rule. Pack it again.")
                raise ArchiveError(words % {"path": path})
            alike = unicodedata.normalize("NFC", path).casefold()
            if alike in seen:
                raise ArchiveError(
                    _("%(path)s stands in it twice (capital letters do not count).") % {"path": path}
                )
            seen.add(alike)
            yield path, info

    def copy(self, info: zipfile.ZipInfo, target: IO[bytes]) -> None:
        """Unpack one entry. Raises ArchiveError where it grows beyond what may come out."""
        size = 0
        with self._package.open(info) as source:
            while piece := source.read(_CHUNK):
                size += len(piece)
                self._take(len(piece), size, info.orig_filename)
                target.write(piece)

    def _take(self, size: int, of_file: int, path: str) -> None:
        self._total += size
        if of_file > self._limits.file_bytes:
            most = self._limits.file_bytes // 2**20
            raise ArchiveError(_("%(path)s is larger than %(most)s MB.") % {"path": path, "most": most})
        if self._total > self._limits.total_bytes:
            most = self._limits.total_bytes // 2**20
            raise ArchiveError(_("Unpacked it is larger than %(most)s MB.") % {"most": most})
        if self._total > max(_SMALL, self._packed * _MOST_GROWTH):
            raise ArchiveError(_("It grows more than a hundredfold when unpacked, as traps do."))


@contextmanager
def opened(file: IO[bytes], limits: Limits) -> Iterator[Archive]:
    """The archive in a file. Raises ArchiveError, also for what breaks while it is read."""
    packed = file.seek(0, 2)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            yield Archive(package, packed, limits)
    except ArchiveError:
        raise
    except _BROKEN as error:
        raise ArchiveError(_("This is no ZIP file that can be read, or it is damaged.")) from error


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """By the name as it was written; `is_dir` stumbles over one that is empty."""
    return info.orig_filename.endswith("/")


def _check_kind(path: str, info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise ArchiveError(_("%(path)s is encrypted. Pack it without a password.") % {"path": path})
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(_("%(path)s is a link, not a file.") % {"path": path})


def _safe_path(info: zipfile.ZipInfo) -> str:
    """The path as it was written into the archive. Raises ArchiveError for one that leads outside."""
    path = info.orig_filename
    shown = path.encode("ascii", "backslashreplace").decode()[:120]
    steps = path.rstrip("/").split("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or "\\" in path or ".." in steps:
        raise ArchiveError(_("%(path)s would lie outside the archive.") % {"path": shown})
    if "" in steps or "." in steps or len(path) > _LONGEST_PATH or not path.isprintable():
        raise ArchiveError(_("%(path)s is no name of a file that can be kept.") % {"path": shown})
    return path
