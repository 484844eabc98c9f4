"""Lessons of the crowd: one in each state as hub, and more of them around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cimic_portal.core.sharing.levels import Component
from tests.factories.core import AreaFactory, OfficeFactory, PositionFactory
from tests.factories.operations import OperationFactory, OperationTypeFactory
from tests.factories.training import CaseStudyFactory, LessonFactory, LessonSourceFactory, LessonThemeFactory

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from tests.factories.cast import Cast


class Lessons:
    """The reader's office keeps them, and a post of the reader's judges and follows them up."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        team: dict[str, Any] = {"owner_office": cast.team, "author": cast.colleague}
        self.case = CaseStudyFactory()
        self.observed = LessonFactory(owner_office=cast.team, author=reader)
        self.submitted = LessonFactory(**team, state="submitted", approver=position)
        self.identified = LessonFactory(**team, published=True, theme=LessonThemeFactory())
        self.action = LessonFactory(**team, state="action", owner=position)
        self.changed = LessonFactory(**team, state="changed", approver=position, changed_by=cast.head)

    def grow(self, someone: Person, number: int) -> Any:
        """Some more that wait for the reader, and one of others that is offered to who plans alike."""
        team: dict[str, Any] = {"owner_office": self.cast.team, "author": someone}
        CaseStudyFactory()
        LessonFactory(**team, state="submitted", approver=self.position)
        LessonFactory(**team, state="action", owner=self.position)
        LessonFactory(owner_office=self.cast.team, author=self.reader)
        other = LessonFactory(
            owner_office=OfficeFactory(),
            author=someone,
            published=True,
            audience_components=[Component.MILITARY],
            theme=LessonThemeFactory(name=f"Theme {number}"),
            kind=OperationTypeFactory(),
            area=AreaFactory(),
            owner=PositionFactory(),
        )
        operation = OperationFactory(
            owner_office=OfficeFactory(),
            author=someone,
            state="staffing",
            audience_components=[Component.MILITARY],
        )
        LessonSourceFactory(lesson=other, operation=operation)
        return other
