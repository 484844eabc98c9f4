"""Taking in a SCORM package: every entry is looked at before anything is kept."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from cimic_portal.core.archive import ArchiveError, Limits, opened
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
_HEAD = 4096


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
            files, manifest = _unpacked(file, Path(folder))
        except (ManifestError, ArchiveError) as error:
            raise PackageError(str(error)) from error
        except PackageError:
            raise
        except ValueError as error:
            raise PackageError(_("Its manifest holds an address that cannot be read.")) from error
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


def _unpacked(file: IO[bytes], folder: Path) -> tuple[dict[str, tuple[Path, str]], Manifest]:
    """Every file of the package in the folder, under a number, with its type; and what the manifest says."""
    files: dict[str, tuple[Path, str]] = {}
    limits = Limits(
        settings.SCORM_MAX_FILES, settings.SCORM_FILE_MAX_BYTES, settings.SCORM_UNPACKED_MAX_BYTES
    )
    with opened(file, limits) as archive:
        for number, (path, info) in enumerate(archive.entries()):
            if is_left_out(path):
                continue
            place = folder / str(number)
            with place.open("w+b") as target:
                archive.copy(info, target)
                target.seek(0)
                head = target.read(_HEAD)
            try:
                files[path] = (place, type_of(path, head))
            except ValueError as error:
                raise ArchiveError(f"{path}: {error}.") from error
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
