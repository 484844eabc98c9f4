"""What readiness is reckoned from in the crowd: requirements, records, absences, sessions to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories.core import ahead
from tests.factories.training_course import CourseFactory, SessionFactory, seat_for
from tests.factories.training_readiness import (
    OperationRequirementFactory,
    RequirementFactory,
    away,
    qualified,
)
from training.models import TrainingRules
from training.services.record import record_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from tests.factories.cast import Cast


class Ready:
    """The reader leads nobody, and sees the records of the team; one course is asked of everybody."""

    def __init__(self, cast: Cast, reader: Person, operation: Any) -> None:
        self.cast, self.reader, self.operation = cast, reader, operation
        TrainingRules.objects.update_or_create(pk=1, defaults={"centre": cast.team})
        self.record = record_of(reader)
        self.requirement = RequirementFactory()
        self.asked = OperationRequirementFactory(operation=operation)
        self.absence = away(reader, 20, 25)
        SessionFactory(course=self.requirement.course, starts_at=ahead(days=3))

    def grow(self, someone: Person, number: int) -> None:
        """One more course that is asked, of the operation too; one more person, who holds it and is busy."""
        course = CourseFactory()
        RequirementFactory(course=course, whom="office", office=self.cast.team, days=0)
        OperationRequirementFactory(operation=self.operation, course=course)
        record_of(someone)
        qualified(someone, self.requirement.course, expires=10)
        away(someone, 1, 2)
        away(self.reader, 30 + 3 * number, 31 + 3 * number)
        seat_for(someone, session=SessionFactory(course=course, starts_at=ahead(hours=1 + number)))
