"""The SITREP of an operation: its rows, drawn from the journal and the records as its maker reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from operations.models import (
    DiligenceNote,
    EntryKind,
    Finding,
    JournalEntry,
    Operation,
    OperationTask,
    Participation,
    PlanRevision,
    ReachedDecision,
    TaskProgress,
)
from operations.reports.execution import reached_of

if TYPE_CHECKING:
    from uuid import UUID

    from cimic_portal.core.models import Person

# How far ahead the report looks.
OUTLOOK = timedelta(hours=48)


@dataclass(frozen=True)
class TaskRow:
    """A task with how far it is; `progress` is None where nothing was reported."""

    task: OperationTask
    progress: TaskProgress | None


@dataclass(frozen=True)
class OperationSitrep:
    """What happened in `[since, until)`, how the tasks stand, and what comes next. Moments are aware."""

    operation: Operation
    since: datetime
    until: datetime
    made_by: str
    made_at: datetime
    participants: int
    entries: Sequence[JournalEntry]
    struck: int
    decisions: Sequence[ReachedDecision]
    fragos: Sequence[PlanRevision]
    findings: Sequence[Finding]
    notes: Sequence[DiligenceNote]
    moved: Sequence[TaskRow]
    held_up: Sequence[TaskRow]
    ahead: Sequence[TaskRow]
    states: dict[str, int]

    @property
    def situation(self) -> list[JournalEntry]:
        """The changes of the situation, the urgent ones first."""
        found = [entry for entry in self.entries if entry.kind == EntryKind.SITUATION]
        return sorted(found, key=lambda entry: (not entry.is_urgent, entry.happened_at))

    @property
    def by_kind(self) -> list[tuple[str, int]]:
        counts = Counter(entry.kind for entry in self.entries)
        return [(str(kind.label), counts.get(kind.value, 0)) for kind in EntryKind]


def draw_operation_sitrep(
    operation: Operation, since: datetime, until: datetime, *, person: Person
) -> OperationSitrep:
    """Struck entries are left out and counted; every row belongs to the operation itself."""
    rows = JournalEntry.objects.visible_to(person).of(operation).in_period(since, until)
    entries = list(rows.standing().named().order_by("happened_at", "pk"))
    tasks = _tasks(operation, person)
    made_at, period = timezone.now(), (since, until)
    # Of a period that has not ended it looks ahead from now.
    edge = min(until, made_at)
    return OperationSitrep(
        operation=operation,
        since=since,
        until=until,
        made_by=_maker(person),
        made_at=made_at,
        participants=Participation.objects.visible_to(person).filter(operation=operation).count(),
        entries=entries,
        struck=rows.filter(struck_at__isnull=False).count(),
        decisions=[
            row
            for row in reached_of(operation, person)
            if row.withdrawn_at is None and _within(since, until, row.reached_at, row.decided_at)
        ],
        fragos=_of(PlanRevision, person, operation, "decided_at", period, is_frago=True),
        findings=[
            row for row in _of(Finding, person, operation, "entered_at", period) if not row.withdrawn_reason
        ],
        notes=[
            row
            for row in _of(DiligenceNote, person, operation, "noted_at", period, joins=("noted_by",))
            if not row.struck_reason
        ],
        moved=[row for row in tasks if row.progress and since <= row.progress.reported_at < until],
        held_up=[row for row in tasks if row.progress and row.progress.state == "held_up"],
        ahead=[
            row
            for row in tasks
            if edge <= row.task.starts_at < edge + OUTLOOK and not (row.progress and row.progress.is_settled)
        ],
        states=dict(Counter(row.progress.state if row.progress else "" for row in tasks)),
    )


def _within(since: datetime, until: datetime, *moments: datetime | None) -> bool:
    return any(moment is not None and since <= moment < until for moment in moments)


def _of(
    model: Any,
    person: Person,
    operation: Operation,
    column: str,
    period: tuple[datetime, datetime],
    *,
    joins: Sequence[str] = (),
    **more: Any,
) -> list[Any]:
    since, until = period
    rows = model.objects.visible_to(person).filter(
        operation=operation, **{f"{column}__gte": since, f"{column}__lt": until}, **more
    )
    return list((rows.select_related(*joins) if joins else rows).order_by(column, "pk"))


def _tasks(operation: Operation, person: Person) -> list[TaskRow]:
    tasks = OperationTask.objects.visible_to(person).filter(
        revision__operation=operation, revision__state="in_force"
    )
    reported = TaskProgress.objects.visible_to(person).filter(operation=operation)
    progress: dict[UUID, TaskProgress] = {row.task_key: row for row in reported}
    named = tasks.select_related("office", "organisation", "phase").order_by("starts_at", "order", "pk")
    return [TaskRow(task, progress.get(task.key)) for task in named]


def _maker(person: Person) -> str:
    from cimic_portal.core.models import Position

    post = Position.objects.held_by(person).first()
    return f"{person}, {post}" if post else str(person)
