"""Training in the world of the leak test: seats, qualifications and proofs on each training record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cimic_portal.core import store
from tests.factories.training_course import (
    CourseFactory,
    ProofFactory,
    QualificationFactory,
    RecordOfficeFactory,
    SessionFactory,
    seat_for,
)
from training.models import TrainingRecord

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld


def add_training(world: LeakWorld) -> None:
    """All in one session, so that its page would like to tell of everybody on its lists."""
    from tests.leak.world import mark

    session = SessionFactory(course=CourseFactory(office=world.cast.police), seats=50)
    for index, record in enumerate(world.records[TrainingRecord]):
        if index % 3 == 0:
            RecordOfficeFactory(record=record, office=world.cast.police)
        number = world.new_item(record)
        states = ("asked", "enrolled", "waiting", "declined")
        world.seats[number] = seat_for(
            record=record,
            session=session,
            state=states[index % 4],
            reason=f"{mark(number)}reason",
            approver=world.cast.head.holdings.get().position,
        )
        number = world.new_item(record)
        waits = {"confirmed_at": None, "confirmed_by": None} if index % 2 else {}
        held = QualificationFactory(
            record=record, authority=f"{mark(number)}authority", way="earlier", **waits
        )
        kept = store.attachments.keep(f"{mark(number)}proof".encode())
        ProofFactory(
            qualification=held,
            sha256=kept.sha256,
            preview_sha256=kept.sha256,
            caption=f"{mark(number)}caption",
        )
        world.held[number] = held
