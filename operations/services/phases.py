"""Phases of a plan: entered, changed, moved with their tasks, removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.verbs import lock_part, save_changed_part
from operations.models import OperationTask, Phase, PlanRevision
from operations.schedule.state import Schedule, Span
from operations.services.schedule import LONGEST_MOVE, shift
from operations.services.schedule_checks import (
    MOST_PHASES,
    WHY,
    PhaseInput,
    Problems,
    merged,
    refuse,
    schedule_verb,
    times_problems,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_FIELDS = ("name", "intent", "starts_at", "ends_at", "order")
# As many tasks are named in a refusal; the others are counted.
NAMED = 5


def add_phase(revision: PlanRevision, data: PhaseInput, *, actor: Person) -> Phase:
    """Enter a phase; phases may overlap. Raises RefusedError, InvalidError."""
    with schedule_verb("phase.add", revision, actor=actor) as (current, schedule):
        refuse(merged(times_problems(data.starts_at, data.ends_at), _name_problems(schedule, data, None)))
        if len(schedule.phases) >= MOST_PHASES:
            raise InvalidError({"name": [_("A plan holds 60 phases at most.")]})
        phase = Phase(revision=current)
        _write(phase, data)
        phase.save()
        return phase


def _write(phase: Phase, data: PhaseInput) -> None:
    for name in _FIELDS:
        setattr(phase, name, getattr(data, name))


def _name_problems(schedule: Schedule, data: PhaseInput, own: int | None) -> Problems:
    """Tasks are told apart by the name of their phase, also in files."""
    taken = {span.name.casefold() for number, span in schedule.phases.items() if number != own}
    if data.name.casefold() in taken:
        return {"name": [_("There is a phase of this name already.")]}
    return {}


def change_phase(phase: Phase, data: PhaseInput, *, actor: Person, version: int) -> Phase:
    """Replace what is said of a phase. Refused where a task of it would lie outside.

    Raises RefusedError, StaleError, InvalidError.
    """
    with schedule_verb("phase.change", phase.revision, actor=actor) as (_revision, schedule):
        current = lock_part(phase, actor=actor, version=version)
        refuse(
            merged(
                times_problems(data.starts_at, data.ends_at),
                _name_problems(schedule, data, current.pk),
                _left_out(schedule, current.pk, data),
            )
        )
        _write(current, data)
        save_changed_part(current)
        return current


def _left_out(schedule: Schedule, phase: int, data: PhaseInput) -> Problems:
    tasks = [schedule.tasks[number] for number in schedule.in_phase(phase)]
    early = [task for task in tasks if task.starts_at < data.starts_at]
    late = [task for task in tasks if task.ends_at > data.ends_at]
    problems: Problems = {}
    if early:
        words = _("These tasks begin before: %(tasks)s. Move them first.")
        problems["starts_at"] = [words % {"tasks": _named(early)}]
    if late:
        words = _("These tasks end after: %(tasks)s. Move them first.")
        problems["ends_at"] = [words % {"tasks": _named(late)}]
    return problems


def _named(tasks: list[Span]) -> str:
    names = ", ".join(f"“{task.name}”" for task in tasks[:NAMED])
    more = len(tasks) - NAMED
    return _("%(names)s and %(more)d more") % {"names": names, "more": more} if more > 0 else names


def move_phase(phase: Phase, *, actor: Person, version: int, days: int) -> Phase:
    """Move a phase with all its tasks by whole days, all or none.

    Raises RefusedError, StaleError, or InvalidError with `days` where a task would not fit then.
    """
    if not days or abs(days) > LONGEST_MOVE:
        raise InvalidError({"days": [_("Give one to 1,000 days, with a minus to move it earlier.")]})
    by = timedelta(days=days)
    with schedule_verb("phase.move", phase.revision, actor=actor) as (_revision, schedule):
        current = lock_part(phase, actor=actor, version=version)
        current.starts_at, current.ends_at = current.starts_at + by, current.ends_at + by
        if times_problems(current.starts_at, current.ends_at):
            raise InvalidError({"days": [_("This lies more than three years away.")]})
        span = schedule.phases[current.pk]
        schedule.phases[current.pk] = replace(span, starts_at=current.starts_at, ends_at=current.ends_at)
        tasks = OperationTask.objects.visible_to(actor).filter(phase=current).select_for_update(of=("self",))
        try:
            shift(schedule, tasks, by)
        except InvalidError as error:
            told = [
                f"“{schedule.tasks[int(name.partition('.')[2])].name}”: {words}"
                for name, messages in error.fields.items()
                for words in messages
            ]
            raise InvalidError({"days": told}) from error
        save_changed_part(current)
        return current


def remove_phase(phase: Phase, *, actor: Person, version: int) -> None:
    """Take a phase out of the plan that is being written.

    Raises RefusedError, StaleError, or InvalidError naming the tasks that lie in it.
    """
    with schedule_verb("phase.remove", phase.revision, actor=actor) as (_revision, schedule):
        current = lock_part(phase, actor=actor, version=version)
        tasks = [schedule.tasks[number] for number in schedule.in_phase(current.pk)]
        if tasks:
            words = _("These tasks lie in it: %(tasks)s. Move them to another phase first.")
            raise InvalidError({"version": [words % {"tasks": _named(tasks)}]})
        Phase.objects.unscoped(WHY).filter(pk=current.pk).delete()
