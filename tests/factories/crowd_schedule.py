"""Tasks and time of the operations of a crowd: the reader's own draft, and an order under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from operations.models import (
    DecisionPoint,
    OperationTask,
    Participation,
    Phase,
    PlanRevision,
    TaskDependency,
    TaskProgress,
)
from tests.factories.core import OfficeFactory, PlaceFactory, ahead

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

WHY = "the crowd plans"


class ScheduleHubs:
    """A phase and a task of the draft, and a task of the order under way; more of all with `grow`."""

    def __init__(self, draft: Operation, active: Operation) -> None:
        self.operations = (draft, active)
        self.phase, self.task = _add(draft, "Hub")
        _phase, self.running = _add(active, "Hub")

    def grow(self, someone: Person, number: int) -> None:
        for operation in self.operations:
            office = OfficeFactory()
            position = someone.holdings.get().position
            Participation.objects.create(
                operation=operation, office=office, role="support", position=position
            )
            _phase, task = _add(operation, f"Task {number}", office=office, place=PlaceFactory())
            hub = self.task if operation is self.operations[0] else self.running
            TaskDependency.objects.create(task=task, needs=hub)
            TaskProgress.objects.create(
                operation=operation, task_key=task.key, state="in_progress", reported_by=someone
            )
            DecisionPoint.objects.create(
                revision=task.revision, title="Go", decider=position, due_at=ahead(days=6)
            )


def _add(operation: Operation, name: str, **fields: Any) -> tuple[Phase, OperationTask]:
    revision = PlanRevision.objects.unscoped(WHY).get(operation=operation)
    times = {"starts_at": ahead(days=6), "ends_at": ahead(days=7)}
    phase = Phase.objects.create(revision=revision, name=name, **times)
    return phase, OperationTask.objects.create(
        revision=revision, title=name, phase=phase, **{**times, **fields}
    )
