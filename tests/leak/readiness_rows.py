"""What readiness is reckoned from in the leak world: records of its people, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operations.models import Operation
from tests.factories.training_course import CourseFactory
from tests.factories.training_readiness import (
    OperationRequirementFactory,
    RequirementFactory,
    away,
    qualified,
)
from training.services.record import follow_posts

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld


def add_readiness(world: LeakWorld) -> None:
    """Everybody who serves has a record; induction is asked of all, one course by each operation."""
    follow_posts()
    induction = RequirementFactory(course=CourseFactory(code="LEAK-01", title="Induction")).course
    asked = CourseFactory(code="LEAK-02", title="Asked by operations")
    for operation in world.records[Operation]:
        OperationRequirementFactory(operation=operation, course=asked)
    serving = [person for person in world.cast.everyone().values() if person.access.held]
    for number, person in enumerate(serving):
        if number % 2:
            qualified(person, induction, expires=20 * number)
        away(person, number, number + 3)
