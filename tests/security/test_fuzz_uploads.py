"""Damaged files through the pages and the API: an answer in words, and nothing kept of what is refused."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from operations.models import OperationTask, QipPhoto
from tests.factories.cast import Cast, make_cast
from tests.factories.core import ago
from tests.factories.operations_qip import running_qip
from tests.factories.training_course import CourseFactory, SessionFactory, record_for, seat_for
from tests.factories.training_module import ModuleDraftFactory
from tests.operations.steps import drafted
from tests.security.guard import guarded
from tests.security.test_fuzz_readers import damaged_file
from tests.support.facts import WHY
from tests.support.pages import signed_in
from training.models import Enrolment, ModulePackage, ModulePicture, Qualification

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.filterwarnings("ignore")]

# How many through each door.
UPLOADS: Mapping[str, int] = {
    "photo of a project": 90,
    "photo by the API": 90,
    "proof of a qualification": 80,
    "picture of a page": 80,
    "package of a module": 90,
    "attendance of a session": 90,
    "tasks of an operation": 90,
}
_PICTURES = ("picture JPEG", "picture PNG", "picture WEBP")
_NAMES = ("well.jpg", "../../x.exe", "x" * 300, "a\u202eb.png", "")


class Door:
    """One place where a file comes in: its address, what is sent beside it, and what a taken file makes."""

    def __init__(
        self, address: str, sent: dict[str, Any], kept: Any, kinds: tuple[str, ...], field: str = "file"
    ) -> None:
        self.address, self.sent, self.kept, self.kinds, self.field = address, sent, kept, kinds, field

    def file(self, number: int) -> dict[str, Any]:
        content = damaged_file(self.kinds[number % len(self.kinds)], 10_000 + number)
        # An empty one is refused by the framework, before anything of ours.
        name = _NAMES[number % len(_NAMES)] or "file"
        return self.sent | {self.field: SimpleUploadedFile(name, content or b"\n", "text/html")}


def _photo(cast: Cast) -> Door:
    sent = {"version": 1, "caption": "The hole", "classification": "1"}
    return Door(f"{running_qip(cast).get_absolute_url()}photos/add/", sent, QipPhoto, _PICTURES)


def _api_photo(cast: Cast) -> Door:
    address = f"/api/v1/qips/{running_qip(cast).reference}/add-photo/"
    return Door(address, {"version": 1, "caption": "The hole"}, QipPhoto, _PICTURES)


def _proof(cast: Cast) -> Door:
    day = timezone.localdate()
    sent = {
        "course": CourseFactory(office=cast.police).pk,
        "authority": "Peace school",
        "issued_on": str(day - timedelta(days=20)),
        "expires_on": str(day + timedelta(days=90)),
    }
    address = reverse("earlier_add", args=[record_for(cast.owner).reference])
    return Door(address, sent, Qualification, _PICTURES, "proof")


def _page(cast: Cast) -> Door:
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
    sent = {"version": 1, "title": "Road", "text": "A road", "alt": "A road"}
    return Door(f"{draft.get_absolute_url()}pages/new/", sent, ModulePicture, _PICTURES, "picture")


def _package(cast: Cast) -> Door:
    draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
    return Door(f"{draft.get_absolute_url()}package/", {"version": 1}, ModulePackage, ("scorm",))


def _attendance(cast: Cast) -> Door:
    course = CourseFactory(office=cast.team)
    session = SessionFactory(course=course, starts_at=ago(hours=3), ends_at=ago(hours=1), seats=5)
    for person, email in ((cast.colleague, "ada@carana.example"), (cast.head, "ben@carana.example")):
        type(person).objects.filter(pk=person.pk).update(email=email)
        seat_for(person, session=session)
    kinds = ("attendance csv", "attendance xlsx", "tasks csv")
    return Door(
        reverse("attendance_import", args=[session.pk]), {"version": session.version}, Enrolment, kinds
    )


def _tasks(cast: Cast) -> Door:
    address = reverse("task_import", args=[drafted(cast).reference])
    return Door(address, {}, OperationTask, ("tasks csv", "tasks xlsx", "attendance csv"))


DOORS: Mapping[str, Callable[[Cast], Door]] = dict(
    zip(UPLOADS, (_photo, _api_photo, _proof, _page, _package, _attendance, _tasks), strict=True)
)


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
    return tmp_path


def state(door: Door, folder: Path) -> tuple[int, int]:
    """Rows and files that are kept."""
    files = sum(path.is_file() for path in (folder / "media").rglob("*"))
    return door.kept.objects.unscoped(WHY).count(), files


def send(client: Any, door: Door, number: int) -> Any:
    """The answer to the file; where a preview of a table comes first, to what is sent back from it."""
    answer = client.post(door.address, door.file(number))
    if answer.status_code == 200 and "sent" in (answer.context or {}):
        answer = client.post(door.address, door.sent | {"rows": answer.context["sent"]})
    return answer


@pytest.mark.parametrize("name", UPLOADS)
def test_a_damaged_upload_is_taken_or_refused_and_leaves_nothing(name: str, folder: Path) -> None:
    cast = make_cast()
    door = DOORS[name](cast)
    client = signed_in(cast.owner)
    refused = 0
    for number in range(UPLOADS[name]):
        before = state(door, folder)
        try:
            with guarded(folder), transaction.atomic():
                answer = send(client, door, number)
                after = state(door, folder)
                # The next file finds the same record again.
                transaction.set_rollback(True)
        except BaseException as error:
            pytest.fail(f"{name}, number {number}: {type(error).__name__}: {error}")
        assert answer.status_code in {200, 302, 422}, (number, answer.status_code, answer.content)
        if answer.status_code == 422:
            refused += 1
            assert after == before, number
    assert refused
    assert not list((folder / "passing").iterdir())
