"""A plan with phases and tasks, as the tests make it: by the verbs, at round times."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from operations.models import Operation, OperationTask, Phase, TaskDependency
from operations.services.phases import add_phase
from operations.services.schedule import add_task
from operations.services.schedule_checks import PhaseInput, TaskInput
from tests.operations.steps import WHY, revision_of

DAY = timedelta(days=1)


def day(number: float) -> datetime:
    """Midnight some days from now, on the mission's clock."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=number)


def phase(operation: Operation, actor: Any, name: str, start: float, end: float) -> Phase:
    return add_phase(revision_of(operation), PhaseInput(name, day(start), day(end)), actor=actor)


def task(
    operation: Operation, actor: Any, title: str, start: float, end: float, **more: Any
) -> OperationTask:
    return add_task(revision_of(operation), TaskInput(title, day(start), day(end), **more), actor=actor)


def of(row: Any, **changed: Any) -> TaskInput:
    """What stands in a task, to be changed in one place."""
    fresh = again(row)
    names = ("title", "details", "phase", "objective", "office", "organisation", "place", "order")
    fields = {name: getattr(fresh, name) for name in (*names, "starts_at", "ends_at")}
    needs = OperationTask.objects.unscoped(WHY).filter(needed_by__task=fresh)
    return TaskInput(**{**fields, "needs": tuple(needs), **changed})


def again(row: Any) -> Any:
    return type(row).objects.unscoped(WHY).select_related("revision").get(pk=row.pk)


def links(operation: Operation) -> set[tuple[str, str]]:
    rows = TaskDependency.objects.unscoped(WHY).filter(task__revision=revision_of(operation))
    return set(rows.values_list("task__title", "needs__title"))
