"""Tasks of a plan: entered, changed, moved, linked, removed. Nothing that does not fit is ever saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.verbs import lock_part, save_changed_part
from operations.models import OperationTask, PlanRevision, TaskDependency
from operations.schedule.state import Schedule, Span, circle_words
from operations.services.schedule_checks import (
    MOST_TASKS,
    NEW,
    WHY,
    Problems,
    TaskInput,
    lock_rows,
    merged,
    refuse,
    rows_problems,
    schedule_verb,
    task_problems,
    times_problems,
    who_problems,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models.participation import TakingPart

LONGEST_MOVE = 1000
_FIELDS = (
    "title",
    "details",
    "phase",
    "objective",
    "office",
    "organisation",
    "place",
    "starts_at",
    "ends_at",
    "order",
)


def add_task(revision: PlanRevision, data: TaskInput, *, actor: Person) -> OperationTask:
    """Enter a task. Raises RefusedError, or InvalidError with the fields and the times that would fit."""
    with schedule_verb("task.add", revision, actor=actor) as (current, schedule):
        return put_task(current, schedule, data)


def put_task(revision: PlanRevision, schedule: Schedule, data: TaskInput) -> OperationTask:
    """Save a new task that fits into the schedule, and enter it there. The revision is locked."""
    if len(schedule.tasks) >= MOST_TASKS:
        raise InvalidError({"title": [_("A plan holds 1,000 tasks at most.")]})
    refuse(new_problems(revision, schedule, data))
    task = OperationTask(revision=revision)
    _write(task, data)
    task.save()
    schedule.tasks[task.pk] = _span(data)
    _link(schedule, task, {need.pk for need in data.needs})
    return task


def new_problems(revision: PlanRevision, schedule: Schedule, data: TaskInput) -> Problems:
    """What stands against a new task."""
    return _problems(revision, schedule, NEW, data)


def _problems(revision: PlanRevision, schedule: Schedule, number: int, data: TaskInput) -> Problems:
    found = merged(
        times_problems(data.starts_at, data.ends_at),
        who_problems(revision, data.office, data.organisation),
        rows_problems(revision, data),
    )
    if found:
        return found
    trial = Schedule(schedule.phases, dict(schedule.tasks), dict(schedule.needs))
    trial.tasks[number] = _span(data)
    trial.needs[number] = {need.pk for need in data.needs}
    return task_problems(trial, number)


def _span(data: TaskInput) -> Span:
    return Span(data.title, data.starts_at, data.ends_at, data.phase.pk if data.phase else None)


def _write(task: OperationTask, data: TaskInput) -> None:
    for name in _FIELDS:
        setattr(task, name, getattr(data, name))


def _link(schedule: Schedule, task: OperationTask, needs: set[int]) -> None:
    """Make the task need these, and no others."""
    before = schedule.needs.get(task.pk, set())
    gone = TaskDependency.objects.unscoped(WHY).filter(task=task, needs__in=before - needs)
    gone.delete()
    TaskDependency.objects.bulk_create(
        TaskDependency(task=task, needs_id=need) for need in sorted(needs - before)
    )
    schedule.needs[task.pk] = set(needs)


def change_task(task: OperationTask, data: TaskInput, *, actor: Person, version: int) -> OperationTask:
    """Replace what is said of a task, with what it needs. Raises as `add_task`, and StaleError."""
    with schedule_verb("task.change", task.revision, actor=actor) as (revision, schedule):
        current = lock_part(task, actor=actor, version=version)
        refuse(_problems(revision, schedule, current.pk, data))
        _write(current, data)
        save_changed_part(current)
        _link(schedule, current, {need.pk for need in data.needs})
        return current


def move_task(
    task: OperationTask,
    *,
    actor: Person,
    version: int,
    starts_at: datetime,
    ends_at: datetime,
    to: TakingPart | None = None,
) -> OperationTask:
    """Give a task other times and, with `to`, another participant. Raises as `change_task`."""
    with schedule_verb("task.move", task.revision, actor=actor) as (revision, schedule):
        current = lock_part(task, actor=actor, version=version)
        if to is not None:
            current.office, current.organisation = to.office, to.organisation
        refuse(
            merged(
                times_problems(starts_at, ends_at),
                who_problems(revision, current.office, current.organisation) if to is not None else {},
            )
        )
        span = schedule.tasks[current.pk]
        schedule.tasks[current.pk] = replace(span, starts_at=starts_at, ends_at=ends_at)
        refuse(task_problems(schedule, current.pk))
        current.starts_at, current.ends_at = starts_at, ends_at
        save_changed_part(current)
        return current


def move_tasks(
    revision: PlanRevision, rows: Sequence[tuple[OperationTask, int]], *, days: int, actor: Person
) -> list[OperationTask]:
    """Move several tasks by whole days, all or none; each with the version that was shown.

    Raises RefusedError, StaleError, or InvalidError with `days`, or `tasks.<number>` for each task
    that would not fit.
    """
    if not rows:
        raise InvalidError({"days": [_("Choose the tasks to move.")]})
    if not days or abs(days) > LONGEST_MOVE:
        raise InvalidError({"days": [_("Give one to 1,000 days, with a minus to move them earlier.")]})
    with schedule_verb("task.move", revision, actor=actor) as (current, schedule):
        tasks = lock_rows(OperationTask, rows, current, actor=actor)
        return shift(schedule, tasks, timedelta(days=days))


def shift(schedule: Schedule, tasks: Iterable[OperationTask], by: timedelta) -> list[OperationTask]:
    """Move locked tasks together and save them, where all of them fit then."""
    moved = list(tasks)
    for task in moved:
        task.starts_at, task.ends_at = task.starts_at + by, task.ends_at + by
        span = schedule.tasks[task.pk]
        schedule.tasks[task.pk] = replace(span, starts_at=task.starts_at, ends_at=task.ends_at)
    problems: Problems = {}
    for task in moved:
        alone = times_problems(task.starts_at, task.ends_at)
        told = alone or task_problems(schedule, task.pk)
        if told:
            problems[f"tasks.{task.pk}"] = list(
                dict.fromkeys(words for messages in told.values() for words in messages)
            )
    refuse(problems)
    for task in moved:
        save_changed_part(task)
    return moved


def set_needs(
    task: OperationTask, needs: Iterable[OperationTask], *, actor: Person, version: int
) -> OperationTask:
    """Say which tasks must have ended before this one begins; those not named are not needed any more.

    Raises as `change_task`; a circle is refused with the names on it.
    """
    with schedule_verb("task.needs", task.revision, actor=actor) as (revision, schedule):
        current = lock_part(task, actor=actor, version=version)
        wanted = list(needs)
        if any(need.revision_id != revision.pk for need in wanted):
            raise InvalidError({"needs": [_("A task can only need tasks of the same revision.")]})
        numbers = {need.pk for need in wanted}
        if current.pk in numbers:
            raise InvalidError({"needs": [circle_words([current.title, current.title])]})
        trial = Schedule(schedule.phases, schedule.tasks, {**schedule.needs, current.pk: numbers})
        refuse(task_problems(trial, current.pk, every_at="needs"))
        _link(schedule, current, numbers)
        save_changed_part(current)
        return current


def remove_task(task: OperationTask, *, actor: Person, version: int) -> None:
    """Take a task out of the plan that is being written.

    Raises RefusedError, StaleError, or InvalidError naming the tasks that need it.
    """
    with schedule_verb("task.remove", task.revision, actor=actor) as (_revision, schedule):
        current = lock_part(task, actor=actor, version=version)
        others = [schedule.tasks[number].name for number in schedule.needed_by(current.pk)]
        if others:
            names = ", ".join(f"“{name}”" for name in sorted(others))
            words = _("It is needed by %(tasks)s. Take it out of what they need first.")
            raise InvalidError({"version": [words % {"tasks": names}]})
        TaskDependency.objects.unscoped(WHY).filter(task=current).delete()
        current.delete()


def reorder_tasks(
    revision: PlanRevision, rows: Sequence[tuple[OperationTask, int]], *, actor: Person
) -> list[OperationTask]:
    """Let tasks that begin together stand in this order. Raises RefusedError, StaleError."""
    with schedule_verb("task.reorder", revision, actor=actor) as (current, _schedule):
        tasks = lock_rows(OperationTask, rows, current, actor=actor)
        for place, task in enumerate(tasks, start=1):
            task.order = place * 10
            save_changed_part(task)
        return tasks
