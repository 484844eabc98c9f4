"""Ten thousand damaged files, with those of test_fuzz_uploads: each is read or refused with words.

A failure names the kind and the number; `damaged_file(kind, number)` makes the same file again.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.area import import_areas
from cimic_portal.core.services.attachments import keep_picture
from cimic_portal.core.tablefile import read_table, sent_rows
from operations.services.task_import import TASK_TABLE
from tests.security import samples
from tests.security.guard import guarded
from tests.support.mutations import damaged, damaged_archive
from training.services.attendance import ATTENDANCE_TABLE
from training.services.scorm_package import PackageError, take_in

# The libraries warn of damage that they read past.
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.filterwarnings("ignore")]

SEED = 2026


def areas(content: bytes) -> None:
    with transaction.atomic():
        import_areas(io.BytesIO(content), source="damaged", dry_run=True)


def sent(content: bytes) -> None:
    told(sent_rows(content.decode(errors="replace"), ATTENDANCE_TABLE))


def told(found: Any) -> None:
    """What was read can be stored and shown: no half characters."""
    json.dumps(found, ensure_ascii=False).encode()


PICTURES = {f"picture {kind}": 700 for kind in ("JPEG", "PNG", "WEBP")}
# How many of each kind.
KINDS: Mapping[str, int] = {
    **PICTURES,
    "areas geojson": 1000,
    "areas csv": 800,
    "areas kml": 900,
    "areas kmz": 700,
    "areas shapefile": 1200,
    "attendance csv": 450,
    "attendance xlsx": 550,
    "tasks csv": 300,
    "tasks xlsx": 400,
    "rows sent back": 300,
    "scorm": 800,
}
# Of these, what is no row is left out.
NEVER_REFUSED = {"rows sent back"}
READERS: Mapping[str, Callable[[bytes], Any]] = {
    "picture": lambda content: keep_picture(io.BytesIO(content)),
    "areas": areas,
    "attendance": lambda content: told(read_table(content, ATTENDANCE_TABLE)),
    "tasks": lambda content: told(read_table(content, TASK_TABLE)),
    "rows": sent,
    "scorm": lambda content: take_in(io.BytesIO(content)),
}


@cache
def sound_file(kind: str) -> bytes | dict[str, bytes]:
    """As it was before the damage: bytes, or the files of an archive."""
    what, _space, form = kind.partition(" ")
    if what == "picture":
        return samples.picture(form)
    if what in {"attendance", "tasks"}:
        whole = samples.table(samples.ATTENDANCE if what == "attendance" else samples.TASKS, form)
        return unpacked(whole) if form == "xlsx" else whole
    made: dict[str, Callable[[], bytes | dict[str, bytes]]] = {
        "areas geojson": samples.geojson,
        "areas csv": samples.pcodes,
        "areas kml": samples.kml_file,
        "areas kmz": lambda: {"doc.kml": samples.kml_file(), "files/icon.png": samples.picture("PNG")},
        "areas shapefile": samples.shapefile,
        "rows sent back": lambda: samples.sent(samples.ATTENDANCE),
        "scorm": samples.scorm,
    }
    return made[kind]()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged_file(kind: str, number: int) -> bytes:
    chance = Random(f"{SEED} {kind} {number}")
    sound = sound_file(kind)
    if isinstance(sound, dict):
        return damaged_archive(chance, sound)
    other = sound_file(chance.choice([one for one in KINDS if one != kind]))
    return damaged(chance, sound, other if isinstance(other, bytes) else b"PK\x03\x04" + bytes(40))


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    return tmp_path


def look_at(kind: str, content: bytes) -> bool:
    """Whether it was taken; refused, it says why in words that can be shown."""
    try:
        READERS[kind.split(maxsplit=1)[0]](content)
    except InvalidError as refusal:
        reasons = [str(words) for field in refusal.fields.values() for words in field]
    except PackageError as refusal:
        reasons = [str(refusal)]
    else:
        return True
    assert reasons
    assert all(len(words.split()) > 2 and words.encode() for words in reasons), reasons
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_read_or_refused_in_words(kind: str, folder: Path) -> None:
    taken = 0
    for number in range(KINDS[kind]):
        content = damaged_file(kind, number)
        try:
            with guarded(folder):
                taken += look_at(kind, content)
        except BaseException as error:
            pytest.fail(f"{kind}, number {number}: {type(error).__name__}: {error}")
    # Damage that never matters, or always does at the first byte, would try nothing.
    assert taken
    assert taken < KINDS[kind] or kind in NEVER_REFUSED
    assert not list((folder / "passing").iterdir())
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert all(path.parent.name == path.name[:2] for path in kept)


def test_the_guard_hears_of_files_outside_and_of_endless_work(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.security import guard

    with pytest.raises(AssertionError, match="open"), guarded(folder):
        (tmp_path_factory.mktemp("outside") / "file").write_bytes(b"x")
    with guarded(folder):
        (folder / "file").write_bytes(b"x")
    monkeypatch.setattr(guard, "MOST_SECONDS", 0.05)
    with pytest.raises(guard.TooLongError), guarded(folder):
        while True:
            pass
    monkeypatch.setattr(guard, "MOST_MEMORY", -1)
    with pytest.raises(AssertionError, match="MB more"), guarded(folder):
        pass


def test_they_are_ten_thousand_with_those_that_are_uploaded() -> None:
    from tests.security.test_fuzz_uploads import UPLOADS

    assert sum(KINDS.values()) + sum(UPLOADS.values()) >= 10_000
