"""What must be true of an exercise before it is scheduled, and of what is put into it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person
from cimic_portal.core.services.audience import not_cleared
from training.models import (
    ExerciseInject,
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    InjectAddressee,
    Side,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from training.models import Exercise

WHY = "parts of the exercise that is locked under the rule"
Problems = dict[str, list[str]]


def check_complete(exercise: Exercise) -> None:
    """What an exercise needs before it is scheduled. Raises InvalidError with everything at once."""
    problems: Problems = {}
    if not exercise.scenario:
        problems["scenario"] = [_("Write the scenario: the players begin with it.")]
    if not ExerciseObjective.objects.unscoped(WHY).filter(exercise=exercise).exists():
        problems["objectives"] = [_("Name at least one objective: what is to be shown.")]
    runs = list(ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise))
    if not runs:
        problems["runs"] = [_("Name the team that plays it.")]
    if not ExerciseInject.objects.unscoped(WHY).filter(exercise=exercise).exists():
        problems["injects"] = [_("Write at least one inject.")]
    if gaps := [line for run in runs for line in run_gaps(run)]:
        problems["seats"] = gaps
    if problems:
        raise InvalidError(problems)


def run_gaps(run: ExerciseRun) -> list[str]:
    """Roles to which injects go and that nobody plays in this run; one line each."""
    addressed = InjectAddressee.objects.unscoped(WHY).filter(inject__exercise=run.exercise_id)
    taken = ExerciseSeat.objects.unscoped(WHY).filter(run=run).values("role_id")
    empty = (
        ExerciseRole.objects.unscoped(WHY).filter(pk__in=addressed.values("role_id")).exclude(pk__in=taken)
    )
    return [_("Nobody plays “%(role)s” in %(team)s.") % {"role": role, "team": run.team} for role in empty]


def role_problems(exercise: Exercise, roles: Collection[ExerciseRole]) -> list[str]:
    """Why an inject cannot go to these roles."""
    if not roles:
        return [_("Say to which roles it goes.")]
    found = [
        _("“%(role)s” does not play: it belongs to exercise control.") % {"role": role}
        for role in roles
        if role.side != Side.PLAYER or role.exercise_id != exercise.pk
    ]
    if not ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise).exists():
        return found
    taken = set(
        ExerciseSeat.objects.unscoped(WHY)
        .filter(exercise=exercise, run__isnull=False)
        .values_list("role_id", flat=True)
    )
    return found + [
        _("Nobody plays “%(role)s”. Give it to a position or a person first.") % {"role": role}
        for role in roles
        if role.side == Side.PLAYER and role.pk not in taken
    ]


def option_problems(
    exercise: Exercise, roles: Collection[ExerciseRole], options: list[str], scores: list[list[int]]
) -> Problems:
    """Why these options cannot be offered; every decision is one of several, with a score for each."""
    if not options:
        return {}
    problems: Problems = {}
    if len(options) == 1:
        problems["options"] = [_("A decision needs two options at least.")]
    elif len({option.casefold() for option in options}) != len(options):
        problems["options"] = [_("Two options say the same.")]
    if not any(role.is_lead for role in roles):
        problems["roles"] = [_("A decision goes to the role that leads as well.")]
    wanted = len(exercise.dimensions)
    if any(len(row) != wanted for row in scores) or len(scores) != len(options):
        problems["scores"] = [
            ngettext(
                "Each option needs a score for the %(count)d dimension.",
                "Each option needs a score for each of the %(count)d dimensions.",
                wanted,
            )
            % {"count": wanted}
        ]
    return problems


def seats_uncleared(exercise: Exercise, person: Person | None, position: Position | None) -> Problems:
    """Naming somebody above their clearance is refused; so is a post that nobody holds."""
    problems: Problems = {}
    if person is not None and (told := not_cleared([person], exercise.classification)):
        problems["person"] = told
    if position is not None:
        holders = list(Person.objects.acting_for(position))
        uncleared = not_cleared(holders, exercise.classification)
        if not holders:
            problems["position"] = [_("Nobody holds this position now, so nobody would be told.")]
        elif len(uncleared) == len(holders):
            problems["position"] = uncleared
    return problems
