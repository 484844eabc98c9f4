"""What every change of phases and tasks is held to: the whole schedule as it would stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.history import part_changes_since
from cimic_portal.core.errors import InvalidError, StaleError
from operations.models import (
    Objective,
    OperationTask,
    Phase,
    PlanRevision,
    TaskDependency,
)
from operations.policies.schedule import can_plan_time
from operations.schedule.state import Schedule, Span
from operations.services.plan import plan_verb, planned_participants

if TYPE_CHECKING:
    from cimic_portal.core.models import Office, Organisation, Person, Place

WHY = "a change of the schedule is held to all of it, in the revision that the actor writes"
MOST_TASKS, MOST_PHASES = 1000, 60
FURTHEST = timedelta(days=3 * 366)
# The number of a row that is not saved yet.
NEW = 0

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class PhaseInput:
    """A phase as it is entered. Times are aware."""

    name: str
    starts_at: datetime
    ends_at: datetime
    intent: str = ""
    order: int = 100


@dataclass(frozen=True)
class TaskInput:
    """A task as it is entered: `office` or `organisation` does it, or nobody yet. Times are aware.

    `needs`: tasks of the same revision that end before it begins.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    details: str = ""
    phase: Phase | None = None
    objective: Objective | None = None
    office: Office | None = None
    organisation: Organisation | None = None
    place: Place | None = None
    needs: tuple[OperationTask, ...] = ()
    order: int = 100


@contextmanager
def schedule_verb(
    name: str, revision: PlanRevision, *, actor: Person
) -> Iterator[tuple[PlanRevision, Schedule]]:
    """A verb on tasks and times: the revision locked, and its schedule as it stands then.

    Raises RefusedError, or DoesNotExist where the actor does not see the revision.
    """
    with plan_verb(name, revision, actor=actor, may=can_plan_time) as current:
        yield current, load(current)


def load(revision: PlanRevision) -> Schedule:
    """The schedule of a revision, in three queries."""
    phases = Phase.objects.unscoped(WHY).filter(revision=revision)
    tasks = OperationTask.objects.unscoped(WHY).filter(revision=revision)
    needs: dict[int, set[int]] = {}
    links = TaskDependency.objects.unscoped(WHY).filter(task__revision=revision)
    for task, need in links.values_list("task_id", "needs_id"):
        needs.setdefault(task, set()).add(need)
    return Schedule(
        {row.pk: Span(row.name, row.starts_at, row.ends_at) for row in phases},
        {row.pk: Span(row.title, row.starts_at, row.ends_at, row.phase_id) for row in tasks},
        needs,
    )


def lock_rows(
    model: Any, rows: Iterable[tuple[Any, int]], revision: PlanRevision, *, actor: Person
) -> list[Any]:
    """The rows as they stand now, each on the version that was shown, in the order given.

    Raises DoesNotExist where one is not there (any more), StaleError where one has changed.
    """
    shown = {row.pk: version for row, version in rows}
    found = model.objects.visible_to(actor).filter(pk__in=shown, revision=revision)
    current = {row.pk: row for row in found.select_for_update(of=("self",))}
    if len(current) < len(shown):
        raise model.DoesNotExist
    changes = [
        line
        for pk, version in shown.items()
        if current[pk].version != version
        for line in (part_changes_since(current[pk], version, actor) or [str(current[pk])])
    ]
    if changes:
        raise StaleError(changes)
    return [current[pk] for pk in shown]


def times_problems(starts_at: datetime, ends_at: datetime) -> Problems:
    """Of a period by itself."""
    if ends_at <= starts_at:
        return {"ends_at": [_("The end lies before the start.")]}
    if abs(starts_at - timezone.now()) > FURTHEST or abs(ends_at - timezone.now()) > FURTHEST:
        return {"starts_at": [_("This lies more than three years away. Check the year.")]}
    return {}


def who_problems(
    revision: PlanRevision, office: Office | None, organisation: Organisation | None
) -> Problems:
    """A task belongs to one who takes part, or to nobody yet."""
    if office is None and organisation is None:
        return {}
    where = "office" if office is not None else "organisation"
    if office is not None and organisation is not None:
        return {"organisation": [_("Name the office or the organisation, not both.")]}
    whom = (office.pk if office else None, organisation.pk if organisation else None)
    if whom in {row.pair for row in planned_participants(revision)}:
        return {}
    words = _("%(who)s does not take part in this operation. Add it to the participants first.")
    return {where: [words % {"who": office or organisation}]}


def rows_problems(revision: PlanRevision, data: TaskInput) -> Problems:
    """Phase, objective and needed tasks are of this revision."""
    problems: Problems = {}
    for name in ("phase", "objective"):
        row = getattr(data, name)
        if row is not None and row.revision_id != revision.pk:
            problems[name] = [_("This is of another revision of the plan.")]
    if any(need.revision_id != revision.pk for need in data.needs):
        problems["needs"] = [_("A task can only need tasks of the same revision.")]
    return problems


def task_problems(schedule: Schedule, task: int, *, every_at: str = "") -> Problems:
    """What stands against a task by field; all at the field `every_at` where that is named."""
    problems: Problems = {}
    for problem in schedule.problems([task]):
        problems.setdefault(every_at or problem.field, []).append(problem.words)
    return problems


def refuse(problems: Problems) -> None:
    """Raise InvalidError where there is any problem."""
    if problems:
        raise InvalidError(problems)


def merged(*some: Problems) -> Problems:
    """The problems of several checks, each field once."""
    found: Problems = {}
    for problems in some:
        for name, messages in problems.items():
            found.setdefault(name, []).extend(messages)
    return found
