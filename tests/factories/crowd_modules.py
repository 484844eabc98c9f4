"""Modules of the crowd: one in each state as hub, and more that the reader writes, learns and passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cimic_portal.core import store
from tests.factories.core import OfficeFactory
from tests.factories.training_course import CourseFactory, record_for
from tests.factories.training_module import (
    ModuleAttemptFactory,
    ModuleDraftFactory,
    ModuleFactory,
    ModulePackageFactory,
    ModulePictureFactory,
    ModuleProgressFactory,
    ModuleResultFactory,
)
from training.models import Content, Page, PagePicture, Question

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from tests.factories.cast import Cast


def _content() -> Content:
    kept = store.attachments.keep(b"a picture")
    picture = PagePicture("A road", sha256=kept.sha256, content_type="image/png", width=9, height=9)
    return Content((Page("One", "Words", picture),), (Question("Which?", ("A", "B"), (0,), "Why"),))


class Modules:
    """The reader's office keeps them, and a post of the reader's publishes."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        content = _content()
        team: dict[str, Any] = {"owner_office": cast.team, "author": cast.colleague}
        self.module = ModuleFactory(office=cast.team, content=content, course=CourseFactory(office=cast.team))
        self.attempt = ModuleAttemptFactory(
            person=reader, module=self.module, handed_in_at=timezone.now(), score=100, passed=True
        )
        self.result = ModuleResultFactory(record=record_for(reader), module=self.module)
        self.package = ModuleFactory(kind="scorm", content=Content(), office=cast.team)
        self.package.editions.update(package=ModulePackageFactory(draft__owner_office=cast.team))
        self.draft = ModuleDraftFactory(owner_office=cast.team, author=reader, content=content)
        picture = content.pages[0].picture
        assert picture is not None
        ModulePictureFactory(draft=self.draft, sha256=picture.sha256, preview_sha256=picture.sha256)
        self.packed = ModuleDraftFactory(owner_office=cast.team, author=reader, kind="scorm")
        self.submitted = ModuleDraftFactory(**team, state="submitted", approver=position)

    def grow(self, someone: Person, number: int) -> Any:
        """One more to learn, to publish and to finish; one more attempt, and one more that passed."""
        module = ModuleFactory(office=OfficeFactory(), course=CourseFactory())
        ModuleProgressFactory(person=self.reader, module=module)
        ModuleProgressFactory(person=someone, module=self.module)
        ModuleAttemptFactory(
            person=self.reader, module=self.module, number=number + 2, handed_in_at=timezone.now(), score=0
        )
        ModuleResultFactory(record=record_for(someone), module=module)
        ModuleResultFactory(record=record_for(someone), module=self.module)
        ModulePackageFactory(draft=self.packed)
        ModuleDraftFactory(owner_office=self.cast.team, author=self.reader)
        return ModuleDraftFactory(
            owner_office=self.cast.team, author=someone, state="submitted", approver=self.position
        )
