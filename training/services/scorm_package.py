"""Taking in a SCORM package: every entry is looked at before anything is kept."""

from __future__ import annotations

import hashlib
import re
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock, save_changed, verb
from cimic_portal.core.store import FileStore
from training.models import ModuleDraft, ModuleKind, ModulePackage
from training.policies import module as policies
from training.services.scorm_manifest import MANIFEST, Manifest, ManifestError, read_manifest
from training.services.scorm_types import is_left_out, type_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

packages = FileStore("packages")
_CHUNK = 64 * 1024
_HEAD = 4096
_LONGEST_PATH = 240
# The ways in which authoring tools pack. Others are rare, and some ask for any amount of memory.
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# A package that grows so many times while it is unpacked is a trap, once it is larger than a small one.
_MOST_GROWTH, _SMALL = 100, 2 * 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)


class PackageError(ValueError):
    """The package is refused; the message says why."""


def upload_package(draft: ModuleDraft, *, actor: Person, version: int, file: IO[bytes]) -> ModuleDraft:
    """Take in a package for a draft; the one uploaded last counts. Raises InvalidError with the reason.

    Nothing is kept of one that is refused.
    """
    with verb("moduledraft.upload", actor=actor):
        current = lock(draft, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        if current.kind != ModuleKind.SCORM:
            raise InvalidError({"file": [_("This module is written in the portal. Change its kind first.")]})
        try:
            facts = take_in(file)
        except PackageError as error:
            raise InvalidError({"file": [str(error)]}) from error
        current.author = actor
        ModulePackage.objects.create(draft=current, added_by=actor, **facts)
        save_changed(current)
        return current


def take_in(file: IO[bytes]) -> dict[str, Any]:
    """Check a package and keep its files; what `ModulePackage` holds of it. Raises PackageError."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > settings.SCORM_MAX_BYTES:
        most = settings.SCORM_MAX_BYTES // 2**20
        raise PackageError(_("A package may have at most %(most)s MB.") % {"most": most})
    with tempfile.TemporaryDirectory(prefix="scorm-") as folder:
        try:
            files, manifest = _unpacked(file, size, Path(folder))
        except ManifestError as error:
            raise PackageError(str(error)) from error
        except PackageError:
            raise
        except _BROKEN as error:
            raise PackageError(_("This is no ZIP file that can be read, or it is damaged.")) from error
        kept = _keep(files)
    file.seek(0)
    return {
        "title": manifest.title,
        "sha256": hashlib.file_digest(file, "sha256").hexdigest(),  # type: ignore[arg-type]
        "packed": size,
        "unpacked": sum(one["size"] for one in kept.values()),
        "files": kept,
        "items": [item.kept() for item in manifest.items],
    }


def _unpacked(file: IO[bytes], size: int, folder: Path) -> tuple[dict[str, tuple[Path, str]], Manifest]:
    """Every file of the package in the folder, under a number, with its type; and what the manifest says."""
    files: dict[str, tuple[Path, str]] = {}
    room = _Room(size)
    with zipfile.ZipFile(file) as package:
        for number, (path, info) in enumerate(_entries(package)):
            place = folder / str(number)
            head = _copy(package, info, place, room)
            try:
                files[path] = (place, type_of(path, head))
            except ValueError as error:
                raise PackageError(f"{path}: {error}.") from error
    if MANIFEST not in files:
        inner = [path for path in files if path.lower().endswith(MANIFEST)]
        if inner:
            raise PackageError(
                _("imsmanifest.xml lies in the folder “%(folder)s”. Pack the content of that folder, not it.")
                % {"folder": inner[0].rpartition("/")[0]}
                if "/" in inner[0]
                else _("imsmanifest.xml must be written in small letters.")
            )
        raise PackageError(_("It has no imsmanifest.xml, so it is no SCORM package."))
    manifest = read_manifest(files[MANIFEST][0].read_bytes(), files)
    for item in manifest.items:
        if not files[item.path][0].stat().st_size:
            words = _("“%(title)s” opens %(path)s, which is empty.")
            raise PackageError(words % {"title": item.title, "path": item.path[:120]})
    return files, manifest


def _entries(package: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The entries to keep, by their paths; whatever is odd about any entry refuses the package."""
    found = [info for info in package.infolist() if not _is_folder(info)]
    if len(found) > settings.SCORM_MAX_FILES:
        most = settings.SCORM_MAX_FILES
        raise PackageError(_("It holds more than %(most)s files.") % {"most": most})
    seen: set[str] = set()
    for info in package.infolist():
        path = _safe_path(info)
        if info.flag_bits & 1:
            raise PackageError(_("%(path)s is encrypted. Pack it without a password.") % {"path": path})
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise PackageError(_("%(path)s is a link, not a file.") % {"path": path})
        if _is_folder(info):
            continue
        if info.compress_type not in _WAYS:
            words = _("%(path)s is packed in another way than ZIP files as a rule. Pack it again.")
            raise PackageError(words % {"path": path})
        alike = unicodedata.normalize("NFC", path).casefold()
        if alike in seen:
            raise PackageError(
                _("%(path)s stands in it twice (capital letters do not count).") % {"path": path}
            )
        seen.add(alike)
        if not is_left_out(path):
            yield path, info


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """By the name as it was written; `is_dir` stumbles over one that is empty."""
    return info.orig_filename.endswith("/")


def _safe_path(info: zipfile.ZipInfo) -> str:
    """The path as it was written into the package. Raises PackageError for one that leads outside."""
    path = info.orig_filename
    shown = path.encode("ascii", "backslashreplace").decode()[:120]
    steps = path.rstrip("/").split("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or "\\" in path or ".." in steps:
        raise PackageError(_("%(path)s would lie outside the package.") % {"path": shown})
    if "" in steps or "." in steps or len(path) > _LONGEST_PATH or not path.isprintable():
        raise PackageError(_("%(path)s is no name of a file that can be kept.") % {"path": shown})
    return path


class _Room:
    """How much may still be unpacked: counted by what comes out, not by what the package says of itself."""

    def __init__(self, packed: int) -> None:
        self.packed, self.total = packed, 0

    def take(self, size: int, of_file: int, path: str) -> None:
        self.total += size
        if of_file > settings.SCORM_FILE_MAX_BYTES:
            most = settings.SCORM_FILE_MAX_BYTES // 2**20
            raise PackageError(_("%(path)s is larger than %(most)s MB.") % {"path": path, "most": most})
        if self.total > settings.SCORM_UNPACKED_MAX_BYTES:
            most = settings.SCORM_UNPACKED_MAX_BYTES // 2**20
            raise PackageError(_("Unpacked it is larger than %(most)s MB.") % {"most": most})
        if self.total > max(_SMALL, self.packed * _MOST_GROWTH):
            raise PackageError(_("It grows more than a hundredfold when unpacked, as traps do."))


def _copy(package: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, room: _Room) -> bytes:
    """Unpack one entry; its first bytes."""
    head, size = b"", 0
    with package.open(info) as source, place.open("wb") as target:
        while piece := source.read(_CHUNK):
            size += len(piece)
            room.take(len(piece), size, info.orig_filename)
            head = (head + piece)[:_HEAD] if len(head) < _HEAD else head
            target.write(piece)
    return head


def _keep(files: dict[str, tuple[Path, str]]) -> dict[str, dict[str, Any]]:
    """Put the files into the store; all of them or none."""
    kept: dict[str, dict[str, Any]] = {}
    try:
        for path, (place, content_type) in files.items():
            made = packages.keep(place.open("rb"))
            kept[path] = {"sha256": made.sha256, "type": content_type, "size": made.size}
    except OSError as error:
        drop_unnamed([one["sha256"] for one in kept.values()])
        raise PackageError(_("The portal's disk is full or does not answer. Nothing was kept.")) from error
    return kept


def drop_unnamed(digests: list[str]) -> None:
    """Remove files that no package names."""
    rows = ModulePackage.objects.unscoped("asks for digests only").values_list("sha256", "files")
    named = {whole for whole, _files in rows} | {
        one["sha256"] for _w, files in rows for one in files.values()
    }
    for digest in set(digests) - named:
        packages.drop(digest)
