"""What must be true of an exercise before it is scheduled, and of what is put into it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils import timezone
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
    RunState,
    Side,
)
from training.models import ExerciseState as State

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from training.models import Exercise
    from training.services.exercise_plan import RoleInput

WHY = "parts of the exercise that is locked under the rule"
Problems = dict[str, list[str]]
UNDER_WAY = (RunState.RUNNING, RunState.PAUSED)


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
    elif undecided := _undecided(exercise):
        problems["injects"] = undecided
    if gaps := [line for run in runs for line in run_gaps(run)]:
        problems["seats"] = gaps
    if problems:
        raise InvalidError(problems)


def _undecided(exercise: Exercise) -> list[str]:
    """Injects that ask for a decision, and do not go to the role that takes it; one line each."""
    led = InjectAddressee.objects.unscoped(WHY).filter(role__is_lead=True, role__exercise=exercise)
    rows = ExerciseInject.objects.unscoped(WHY).filter(exercise=exercise).exclude(options=[])
    return [
        _("“%(inject)s” asks for a decision. Send it to the role that leads as well.") % {"inject": inject}
        for inject in rows.exclude(pk__in=led.values("inject_id"))
    ]


def run_gaps(run: ExerciseRun) -> list[str]:
    """Roles to which injects go and that nobody plays in this run; one line each."""
    addressed = InjectAddressee.objects.unscoped(WHY).filter(inject__exercise=run.exercise_id)
    taken = ExerciseSeat.objects.unscoped(WHY).filter(run=run).values("role_id")
    empty = (
        ExerciseRole.objects.unscoped(WHY).filter(pk__in=addressed.values("role_id")).exclude(pk__in=taken)
    )
    return [_nobody_plays(role, run) for role in empty]


def check_role(exercise: Exercise, data: RoleInput, beside: int | None = None) -> None:
    """What a role is called, and which part it has. Raises InvalidError."""
    problems: Problems = {}
    others = ExerciseRole.objects.unscoped(WHY).filter(exercise=exercise).exclude(pk=beside or 0)
    if others.filter(title__iexact=data.title.strip()).exists():
        problems["title"] = [_("There is a role of this name already.")]
    if data.is_lead and data.side != Side.PLAYER:
        problems["is_lead"] = [_("Control and observers do not lead: a player does.")]
    elif data.is_lead and (lead := others.filter(is_lead=True).first()):
        problems["is_lead"] = [_("“%(role)s” leads already.") % {"role": lead}]
    injects = ExerciseInject.objects.unscoped(WHY).filter(addressees__role=beside or 0)
    if data.side != Side.PLAYER and injects.exists():
        problems["side"] = [_("Injects go to this role, so it plays.")]
    decides = not data.is_lead and others.filter(is_lead=True).first() is None
    if decides and exercise.state != State.DRAFT and (asks := injects.exclude(options=[]).first()):
        problems["is_lead"] = [_("“%(inject)s” asks this role to decide.") % {"inject": asks}]
    if problems:
        raise InvalidError(problems)


def check_team(exercise: Exercise, team: str, beside: int | None = None) -> None:
    """What a team is called. Raises InvalidError."""
    runs = ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise).exclude(pk=beside or 0)
    if runs.filter(team__iexact=team.strip()).exists():
        raise InvalidError({"team": [_("This team has a run already.")]})


def played_elsewhere(run: ExerciseRun, person: Person | None, position: Position | None) -> Problems:
    """Who would play in two teams at once: they sit in another run of the exercise that is under way."""
    seats = ExerciseSeat.objects.unscoped(WHY).filter(exercise=run.exercise_id, run__state__in=UNDER_WAY)
    problems: Problems = {}
    for name, one in (("person", person), ("position", position)):
        other = seats.exclude(run=run).filter(**{name: one}).select_related("run").first() if one else None
        if other is not None:
            problems[name] = [
                _("“%(who)s” plays in %(team)s, which is under way. End that run first, or seat another.")
                % {"who": one, "team": other.run}
            ]
    return problems


def run_overlaps(run: ExerciseRun) -> list[str]:
    """Who is seated in this run and plays in another one just now; one line each."""
    seats = ExerciseSeat.objects.unscoped(WHY).filter(run=run).select_related("person", "position")
    found = [played_elsewhere(run, seat.person, seat.position) for seat in seats]
    return list(dict.fromkeys(line for problems in found for lines in problems.values() for line in lines))


def is_addressed(role: ExerciseRole) -> bool:
    return InjectAddressee.objects.unscoped(WHY).filter(role=role).exists()


def time_problems(exercise: Exercise, at_minute: int) -> list[str]:
    """Why the clock cannot deliver an inject at this minute."""
    if at_minute > exercise.minutes:
        return [_("The exercise ends %(minutes)d minutes after STARTEX.") % {"minutes": exercise.minutes}]
    now = timezone.now()
    runs = ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise, state__in=UNDER_WAY)
    return [
        _(
            "The clock of %(team)s is at %(minutes)d minutes already. Give a later minute, "
            "or none: then control delivers it by hand."
        )
        % {"team": run, "minutes": run.elapsed(now) // 60}
        for run in runs
        if run.elapsed(now) >= at_minute * 60
    ]


def role_problems(exercise: Exercise, roles: Collection[ExerciseRole]) -> list[str]:
    """Why an inject cannot go to these roles: each plays, in every team that is under way."""
    if not roles:
        return [_("Say to which roles it goes.")]
    found = [
        _("“%(role)s” does not play: it belongs to exercise control.") % {"role": role}
        for role in roles
        if role.side != Side.PLAYER or role.exercise_id != exercise.pk
    ]
    runs = list(ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise, state__in=UNDER_WAY))
    seats = ExerciseSeat.objects.unscoped(WHY).filter(exercise=exercise, run__in=runs)
    taken = set(seats.values_list("run_id", "role_id"))
    found += [
        _nobody_plays(role, run)
        for role in roles
        if role.side == Side.PLAYER
        for run in runs
        if (run.pk, role.pk) not in taken
    ]
    return found


def _nobody_plays(role: ExerciseRole, run: ExerciseRun) -> str:
    return _("Nobody plays “%(role)s” in %(team)s.") % {"role": role, "team": run.team}


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
