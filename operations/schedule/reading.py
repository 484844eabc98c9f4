"""Tasks and times of one revision as one person reads them: as many queries, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from operations.models import (
    DecisionPoint,
    FrameParticipant,
    OperationState,
    OperationTask,
    Participation,
    Phase,
    PlanRevision,
    RevisionState,
    TaskDependency,
    TaskProgress,
)
from operations.models.participation import TakingPart
from operations.schedule.conflicts import Conflict, conflicts_of
from operations.schedule.graph import Critical, critical_path, in_order
from operations.schedule.state import Schedule, Span

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Without a chain there is no path to speak of.
SHORTEST_PATH = 2
Who = tuple[str, int] | None


def who_of(row: OperationTask | TakingPart) -> Who:
    """A participant as ("office" or "organisation", number); None for nobody."""
    if row.office_id is not None:
        return ("office", row.office_id)
    return ("organisation", row.organisation_id) if row.organisation_id is not None else None


@dataclass
class ReadPlan:
    """Rows that the person may read, and what follows from them. `now`: of the reading."""

    revision: PlanRevision
    phases: list[Phase]
    tasks: list[OperationTask]
    needs: dict[int, set[int]]
    participations: list[TakingPart]
    progress: dict[UUID, TaskProgress] = field(default_factory=dict)
    decisions: list[DecisionPoint] = field(default_factory=list)
    now: datetime = field(default_factory=timezone.now)
    person: Person | None = None

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(
            {phase.pk: Span(phase.name, phase.starts_at, phase.ends_at) for phase in self.phases},
            {task.pk: Span(task.title, task.starts_at, task.ends_at, task.phase_id) for task in self.tasks},
            self.needs,
        )

    @cached_property
    def by_number(self) -> dict[int, OperationTask]:
        return {task.pk: task for task in self.tasks}

    @cached_property
    def _taking_part(self) -> dict[Who, TakingPart]:
        return {who_of(row): row for row in self.participations}

    def participation_of(self, task: OperationTask) -> TakingPart | None:
        who = who_of(task)
        return self._taking_part.get(who) if who else None

    @cached_property
    def critical(self) -> Critical[int]:
        lengths = {task.pk: task.ends_at - task.starts_at for task in self.tasks}
        return critical_path(lengths, self.needs)

    @cached_property
    def on_path(self) -> frozenset[int]:
        """Tasks without slack, where the longest path has two tasks or more."""
        if len(self.critical.path) < SHORTEST_PATH:
            return frozenset()
        return frozenset(task for task, slack in self.critical.slack.items() if not slack)

    def slack_of(self, task: OperationTask) -> timedelta | None:
        return self.critical.slack.get(task.pk)

    @cached_property
    def conflicts(self) -> dict[int, list[Conflict]]:
        return conflicts_of(self)

    @cached_property
    def ordered(self) -> list[OperationTask]:
        """Each task after what it needs."""
        return [self.by_number[number] for number in in_order(self.by_number, self.needs)]

    @property
    def is_conducted(self) -> bool:
        """The order that is shown is the one in force, and the operation has begun."""
        begun = self.revision.operation.state in (OperationState.ACTIVE, OperationState.SUSPENDED)
        return begun and self.revision.state == RevisionState.IN_FORCE

    def needs_of(self, task: OperationTask) -> list[OperationTask]:
        return [self.by_number[number] for number in sorted(self.needs.get(task.pk, ()))]

    def needed_by(self, task: OperationTask) -> list[OperationTask]:
        return [self.by_number[number] for number in self.schedule.needed_by(task.pk)]


def participants_of(revision: PlanRevision, person: Person) -> list[TakingPart]:
    """Who takes part as this revision has it, the lead first; as far as the person reads it."""
    joins = ("office", "organisation", "position__office")
    rows: list[TakingPart] = []
    if revision.is_open_frago:
        changed = FrameParticipant.objects.visible_to(person).filter(revision=revision)
        rows = list(changed.select_related(*joins))
    if not rows:
        standing = Participation.objects.visible_to(person).filter(operation=revision.operation_id)
        rows = list(standing.select_related(*joins))
    return sorted(rows, key=lambda row: (not row.is_lead, row.pk))


def read_plan(revision: PlanRevision, person: Person) -> ReadPlan:
    """The tasks and times of a revision that the person has before them."""
    tasks = OperationTask.objects.visible_to(person).filter(revision=revision)
    needs: dict[int, set[int]] = {}
    for link in TaskDependency.objects.visible_to(person).filter(task__revision=revision):
        needs.setdefault(link.task_id, set()).add(link.needs_id)
    reported = TaskProgress.objects.visible_to(person).filter(operation=revision.operation_id)
    decisions = DecisionPoint.objects.visible_to(person).filter(revision=revision)
    return ReadPlan(
        revision,
        list(Phase.objects.visible_to(person).filter(revision=revision)),
        list(tasks.select_related("phase", "office", "organisation", "place", "objective")),
        needs,
        participants_of(revision, person),
        {row.task_key: row for row in reported.select_related("reported_by")},
        list(decisions.select_related("decider__office")),
        person=person,
    )
