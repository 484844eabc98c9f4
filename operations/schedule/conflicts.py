"""What does not fit together in a plan that stands: conflicts that arise after a task was entered.

Each kind has a finder; apps add theirs at start-up (`add_finder`), such as one for assets that are
booked twice. A finder is asked once for all tasks, and tells only what the person may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from cimic_portal.core.models import Delegation, Holding
from cimic_portal.core.templatetags.moments import day_text, moment_text
from operations.querysets.speaking import speakers
from operations.schedule.leave import Stay, gaps, present

if TYPE_CHECKING:
    from operations.models import OperationTask
    from operations.schedule.reading import ReadPlan


@dataclass(frozen=True, slots=True)
class Conflict:
    """Of one task (its number). `kind` names the rule; `words` say what does not fit."""

    task: int
    kind: str
    words: str


Finder = Callable[["ReadPlan"], Iterable[Conflict]]
_finders: list[Finder] = []


def add_finder(finder: Finder) -> None:
    """Make a further kind of conflict known."""
    if finder not in _finders:
        _finders.append(finder)


def conflicts_of(plan: ReadPlan) -> dict[int, list[Conflict]]:
    """Every conflict of the plan, by the number of its task."""
    found: dict[int, list[Conflict]] = {}
    for finder in _finders:
        for conflict in finder(plan):
            found.setdefault(conflict.task, []).append(conflict)
    return found


def out_of_place(plan: ReadPlan) -> Iterator[Conflict]:
    """Before what it needs, outside its phase, outside the period of the operation."""
    for problem in plan.schedule.problems():
        yield Conflict(problem.task, problem.kind, problem.words)
    start, end = plan.revision.period
    for task in plan.tasks:
        if task.starts_at < start or task.ends_at > end:
            told = {"start": day_text(start), "end": day_text(end)}
            words = _("Outside the period of the operation, %(start)s to %(end)s.")
            yield Conflict(task.pk, "period", words % told)


def not_taking_part(plan: ReadPlan) -> Iterator[Conflict]:
    """Given to somebody who does not take part any more, or to nobody."""
    for task in plan.tasks:
        if task.office_id is None and task.organisation_id is None:
            yield Conflict(task.pk, "nobody", _("Not given to anybody yet."))
        elif plan.participation_of(task) is None and not _settled(plan, task):
            words = _("%(who)s does not take part in this operation.")
            yield Conflict(task.pk, "participant", words % {"who": task.office or task.organisation})


def overdue(plan: ReadPlan) -> Iterator[Conflict]:
    """In an order in force: its end has passed and nobody reported it done."""
    if not plan.is_conducted:
        return
    for task in plan.tasks:
        progress = plan.progress.get(task.key)
        if task.ends_at < plan.now and (progress is None or not progress.is_settled):
            words = _("Was to end %(end)s and is not reported done.")
            yield Conflict(task.pk, "overdue", words % {"end": moment_text(task.ends_at)})


def away(plan: ReadPlan) -> Iterator[Conflict]:
    """Whoever speaks for the participant is away, or the position vacant, during the task."""
    doing = [(task, part) for task in plan.tasks if (part := plan.participation_of(task))]
    ahead = [(task, part) for task, part in doing if task.ends_at > plan.now and not _settled(plan, task)]
    positions = speakers(part for _task, part in ahead)
    if not positions:
        return
    until = max(task.ends_at for task, _part in ahead)
    there = _present({position.pk for position in positions.values()}, plan.now, until)
    for task, part in ahead:
        position = positions.get(part.pk)
        if position is None:
            continue
        for since, end in gaps(max(task.starts_at, plan.now), task.ends_at, there.get(position.pk, [])):
            words = _("%(position)s: nobody is there from %(since)s to %(until)s.")
            told = {"position": position.title, "since": moment_text(since), "until": moment_text(end)}
            yield Conflict(task.pk, "away", words % told)


def _settled(plan: ReadPlan, task: OperationTask) -> bool:
    progress = plan.progress.get(task.key)
    return progress is not None and progress.is_settled


def _present(
    positions: set[int], start: datetime, end: datetime
) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """When somebody who holds it, and has not let others deputise, is there, by position."""
    over = Q(since__lt=end) & (Q(until__isnull=True) | Q(until__gt=start))
    held: dict[int, list[Stay]] = {}
    for row in Holding.objects.filter(over, position__in=positions, person__is_active=True):
        held.setdefault(row.position_id, []).append(Stay(row.person_id, row.since, row.until))
    left: dict[int, list[Stay]] = {}
    for leave in Delegation.objects.filter(over, position__in=positions):
        left.setdefault(leave.position_id, []).append(Stay(leave.delegator_id, leave.since, leave.until))
    return {pk: present(held.get(pk, []), left.get(pk, [])) for pk in positions}


FINDERS: tuple[Finder, ...] = (out_of_place, not_taking_part, overdue, away)
