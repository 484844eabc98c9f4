"""How an operation under way stands, as one reader may see it: its tasks and decision points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from operations.models import (
    DecisionPoint,
    JournalEntry,
    Operation,
    OperationTask,
    PlanRevision,
    ReachedDecision,
    TaskProgress,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@dataclass
class Execution:
    """Tasks and decision points of the order in force, with how far they are. Empty before approval."""

    tasks: Sequence[OperationTask] = ()
    progress: dict[UUID, TaskProgress] = field(default_factory=dict)
    points: Sequence[DecisionPoint] = ()
    reached: Sequence[ReachedDecision] = ()

    @property
    def open_points(self) -> list[DecisionPoint]:
        """Those that were not reached yet."""
        keys = {row.decision_key for row in self.reached if row.withdrawn_at is None}
        return [point for point in self.points if point.key not in keys]

    @property
    def to_decide(self) -> list[ReachedDecision]:
        return [row for row in self.reached if row.withdrawn_at is None and row.decided_at is None]


def execution_of(operation: Operation, person: Person) -> Execution:
    """Read in as many queries, whatever the size of the plan."""
    revision = PlanRevision.objects.visible_to(person).in_force().filter(operation=operation).first()
    if revision is None:
        return Execution()
    tasks = OperationTask.objects.visible_to(person).filter(revision=revision)
    points = DecisionPoint.objects.visible_to(person).filter(revision=revision)
    reported = TaskProgress.objects.visible_to(person).filter(operation=operation)
    return Execution(
        list(tasks.select_related("office", "organisation")),
        {row.task_key: row for row in reported},
        list(points.select_related("decider__office")),
        reached_of(operation, person),
    )


def reached_of(operation: Operation, person: Person) -> list[ReachedDecision]:
    """Every decision point that was reached, with what was decided; in turn."""
    rows = ReachedDecision.objects.visible_to(person).filter(operation=operation)
    named = rows.select_related("decider__office", "decided_by", "entry__author", "decided_entry")
    found = list(named)
    for row in found:
        row.operation = operation
    return found


def corrections_of(entries: Iterable[JournalEntry], person: Person) -> dict[int, list[int]]:
    """Numbers of the entries that correct each of these (ids)."""
    wanted = [entry.pk for entry in entries]
    rows = JournalEntry.objects.visible_to(person).standing().filter(corrects__in=wanted)
    found: dict[int, list[int]] = {}
    for corrected, number in rows.order_by("number").values_list("corrects_id", "number"):
        found.setdefault(corrected, []).append(number)
    return found
