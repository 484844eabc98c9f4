"""What changed in an operation since somebody last looked, as they may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from operations.models import (
    Finding,
    JournalEntry,
    Operation,
    OperationTask,
    PlanRevision,
    ReachedDecision,
    TaskProgress,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST = 5
# More are not counted one by one.
MOST_COUNTED = 99


@dataclass(frozen=True)
class OperationNews:
    """Of each noun at most five, newest first; `entry_count` says how many entries there are."""

    since: datetime
    entries: Sequence[JournalEntry]
    entry_count: int
    tasks: Sequence[tuple[TaskProgress, str]]
    decisions: Sequence[ReachedDecision]
    fragos: Sequence[PlanRevision]
    findings: Sequence[Finding]

    @property
    def is_empty(self) -> bool:
        return not any((self.entries, self.tasks, self.decisions, self.fragos, self.findings))


def news_of(operation: Operation, person: Person, since: datetime) -> OperationNews:
    """What others did since then. Urgent entries stand first."""
    entries = JournalEntry.objects.visible_to(person).of(operation).standing().new_to(person, since)
    shown = list(entries.named().order_by("-is_urgent", "-happened_at", "-pk")[:MOST])
    for entry in shown:
        entry.operation = operation
    return OperationNews(
        since=since,
        entries=shown,
        entry_count=entries.order_by()[: MOST_COUNTED + 1].count() if shown else 0,
        tasks=_tasks(operation, person, since),
        decisions=_decisions(operation, person, since),
        fragos=list(
            PlanRevision.objects.visible_to(person)
            .filter(operation=operation, is_frago=True, frago_number__isnull=False, decided_at__gt=since)
            .exclude(decided_by=person)
            .order_by("-number")[:MOST]
        ),
        findings=list(
            Finding.objects.visible_to(person)
            .standing()
            .filter(operation=operation, entered_at__gt=since)
            .exclude(author=person)
            .select_related("author")
            .order_by("-entered_at")[:MOST]
        ),
    )


def _tasks(operation: Operation, person: Person, since: datetime) -> list[tuple[TaskProgress, str]]:
    rows = TaskProgress.objects.visible_to(person).filter(operation=operation, reported_at__gt=since)
    reported = list(
        rows.exclude(reported_by=person).select_related("reported_by").order_by("-reported_at")[:MOST]
    )
    titles = task_titles(operation, person, [row.task_key for row in reported])
    return [(row, titles.get(row.task_key, "")) for row in reported if row.task_key in titles]


def task_titles(operation: Operation, person: Person, keys: Sequence[UUID]) -> dict[UUID, str]:
    """Titles of tasks of the order in force, by key."""
    rows = OperationTask.objects.visible_to(person).filter(
        revision__operation=operation, revision__state="in_force", key__in=keys
    )
    return dict(rows.values_list("key", "title"))


def _decisions(operation: Operation, person: Person, since: datetime) -> list[ReachedDecision]:
    rows = ReachedDecision.objects.visible_to(person).standing().filter(operation=operation)
    new = Q(entry__entered_at__gt=since, decided_at__isnull=True) & ~Q(entry__author=person)
    decided = Q(decided_at__gt=since) & ~Q(decided_by=person)
    named = rows.filter(new | decided).select_related("decider__office", "decided_by", "entry")
    return list(named.order_by("-reached_at")[:MOST])
