"""Training of the crowd: a course, a session, and the reader's own record as hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories.core import PlaceFactory, ago, ahead
from tests.factories.training_course import (
    CourseFactory,
    ProofFactory,
    QualificationFactory,
    SessionFactory,
    record_for,
    seat_for,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from tests.factories.cast import Cast


class Trained:
    """The reader's office gives the course; the reader answers for the office."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        self.course = CourseFactory(office=cast.team)
        self.session = SessionFactory(course=self.course, seats=500)
        self.over = SessionFactory(course=self.course, seats=500, starts_at=ago(days=3), ends_at=ago(days=2))
        self.record = record_for(cast.colleague)
        self.asked = seat_for(record=self.record, session=self.session, state="asked", approver=position)
        self.seat = seat_for(cast.head, session=self.session)
        self.held = QualificationFactory(record=self.record, course=self.course)
        waits = {"confirmed_at": None, "confirmed_by": None, "way": "earlier"}
        self.to_confirm = QualificationFactory(record=self.record, course=self.course, **waits)
        self.proof = ProofFactory(qualification=self.to_confirm)

    def grow(self, someone: Person, number: int) -> Any:
        """One more on each list, and one more course and session of the reader's own record."""
        seat_for(someone, session=self.session, state="asked", approver=self.position)
        seat = seat_for(someone, session=self.over)
        later = SessionFactory(
            course=CourseFactory(office=self.cast.team),
            starts_at=ahead(days=20 + 3 * number),
            place=PlaceFactory(),
        )
        for person in (self.reader, self.cast.colleague):
            seat_for(person, session=later)
        QualificationFactory(record=seat.record, course=later.course, confirmed_at=None, confirmed_by=None)
        for record in (self.record, record_for(self.reader)):
            QualificationFactory(record=record, course=later.course)
            QualificationFactory(record=record, course=self.course)
        ProofFactory(qualification=self.to_confirm)
        SessionFactory(
            course=self.course, starts_at=ahead(days=300 + 3 * number), place=PlaceFactory(), trainer=someone
        )
        return seat.record
