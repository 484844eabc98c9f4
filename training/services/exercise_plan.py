"""Preparing an exercise: objectives, roles, runs, seats, injects. Also while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import lock_part, save_changed_part, verb
from training.models import (
    Exercise,
    ExerciseInject,
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    InjectAddressee,
    InjectDelivery,
    InjectExpectation,
    RunState,
    Side,
)
from training.policies.exercise import can_prepare, can_remove
from training.services.exercise_checks import (
    UNDER_WAY,
    WHY,
    Problems,
    check_role,
    check_team,
    is_addressed,
    option_problems,
    played_elsewhere,
    role_problems,
    seats_uncleared,
    time_problems,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position

Row = ExerciseObjective | ExerciseRole | ExerciseInject | ExerciseRun


@dataclass(frozen=True)
class ObjectiveInput:
    what: str
    measure: str
    component: int | None = None


@dataclass(frozen=True)
class RoleInput:
    title: str
    component: int
    side: str = Side.PLAYER
    is_lead: bool = False


@dataclass(frozen=True)
class RunInput:
    team: str


@dataclass(frozen=True)
class InjectInput:
    """`scores`: for each option a list, one number for each dimension of the exercise."""

    title: str
    text: str
    roles: list[ExerciseRole]
    at_minute: int | None = None
    objective: ExerciseObjective | None = None
    expected: str = ""
    options: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    scores: list[list[int]] = field(default_factory=list)


def hold(exercise: Exercise, actor: Person) -> Exercise:
    """The exercise as it stands, held until the transaction ends, whatever its version: parts of it are
    written beside each other."""
    rows = Exercise.objects.visible_to(actor).select_for_update(of=("self",))
    return rows.get(pk=exercise.pk)


def _next(model: Any, exercise: Exercise) -> int:
    rows = model._default_manager.unscoped(WHY).filter(exercise=exercise)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def add_objective(exercise: Exercise, data: ObjectiveInput, *, actor: Person) -> ExerciseObjective:
    """Say what is to be shown."""
    with verb("exercise.objective", actor=actor):
        current = hold(exercise, actor)
        require(can_prepare(actor, current))
        return ExerciseObjective.objects.create(
            exercise=current, number=_next(ExerciseObjective, current), **_texts(data)
        )


def change_objective(
    objective: ExerciseObjective, data: ObjectiveInput, *, actor: Person, version: int
) -> ExerciseObjective:
    """Say otherwise what is to be shown."""
    return cast(ExerciseObjective, _change(objective, _texts(data), actor=actor, version=version))


def _texts(data: ObjectiveInput | RoleInput | RunInput) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in vars(data).items()}


def _change(
    row: Row,
    values: dict[str, Any],
    *,
    actor: Person,
    version: int,
    check: Callable[[Exercise], None] | None = None,
) -> Row:
    """`check` raises InvalidError; asked of whoever may prepare alone, for it tells of injects."""
    with verb(f"exercise.change_{row._meta.model_name}", actor=actor):
        exercise = hold(row.exercise, actor)
        require(can_prepare(actor, exercise))
        current = lock_part(row, actor=actor, version=version)
        if check is not None:
            check(exercise)
        for name, value in values.items():
            setattr(current, name, value)
        save_changed_part(current)
        return current


def add_role(exercise: Exercise, data: RoleInput, *, actor: Person) -> ExerciseRole:
    """A part that somebody will play, or a place in control."""
    with verb("exercise.role", actor=actor):
        current = hold(exercise, actor)
        require(can_prepare(actor, current))
        check_role(current, data)
        return ExerciseRole.objects.create(exercise=current, **_texts(data))


def change_role(role: ExerciseRole, data: RoleInput, *, actor: Person, version: int) -> ExerciseRole:
    """Call a role otherwise, or give it another part. Raises RefusedError, InvalidError, StaleError."""

    def check(exercise: Exercise) -> None:
        check_role(exercise, data, role.pk)
        seats = ExerciseSeat.objects.unscoped(WHY).filter(role=role)
        if (data.side == Side.PLAYER) != (role.side == Side.PLAYER) and seats.exists():
            raise InvalidError({"side": [_("Somebody has this seat. Empty it first.")]})

    return cast(ExerciseRole, _change(role, _texts(data), actor=actor, version=version, check=check))


def add_run(exercise: Exercise, data: RunInput, *, actor: Person) -> ExerciseRun:
    """A team that goes through the exercise; a second one can be compared with the first."""
    with verb("exercise.run", actor=actor):
        current = hold(exercise, actor)
        require(can_prepare(actor, current))
        check_team(current, data.team)
        return ExerciseRun.objects.create(
            exercise=current, number=_next(ExerciseRun, current), team=data.team.strip()
        )


def change_run(run: ExerciseRun, data: RunInput, *, actor: Person, version: int) -> ExerciseRun:
    """Call the team otherwise."""

    def check(exercise: Exercise) -> None:
        check_team(exercise, data.team, run.pk)

    return cast(ExerciseRun, _change(run, _texts(data), actor=actor, version=version, check=check))


def take_seat(
    exercise: Exercise,
    role: ExerciseRole,
    run: ExerciseRun | None,
    *,
    position: Position | None,
    person: Person | None,
    actor: Person,
) -> None:
    """Give a role to a position, a person or both; to nobody where both are empty.

    Players sit in one run, control and observers in all. Raises RefusedError, InvalidError.
    """
    with verb("exercise.seat", actor=actor):
        current = hold(exercise, actor)
        require(can_prepare(actor, current))
        if run is not None and run.state == RunState.ENDED:
            raise RefusedError(_("This run is over: who played it stands."))
        if (run is not None) != (role.side == Side.PLAYER):
            raise InvalidError({"role": [_("Players sit in a run, control and observers in all of them.")]})
        problems = seats_uncleared(current, person, position)
        if run is not None and run.state in UNDER_WAY:
            problems |= played_elsewhere(run, person, position)
            if person is None and position is None and is_addressed(role):
                problems["position"] = [_("The clock runs, and injects go to this role: say who plays it.")]
        if problems:
            raise InvalidError(problems)
        rows = ExerciseSeat.objects.unscoped(WHY).filter(exercise=current, role=role, run=run)
        named = (position.pk if position else None, person.pk if person else None)
        if [named] == list(rows.values_list("position_id", "person_id")):
            return
        rows.delete()
        if position is not None or person is not None:
            ExerciseSeat.objects.create(
                exercise=current, role=role, run=run, position=position, person=person
            )


def _inject_problems(exercise: Exercise, data: InjectInput, at_minute: int | None = None) -> None:
    """`at_minute`: when it came until now; what has stood on the clock is not judged again."""
    problems: Problems = {}
    if found := role_problems(exercise, data.roles):
        problems["roles"] = found
    if data.at_minute not in (None, at_minute) and (late := time_problems(exercise, data.at_minute)):
        problems["at_minute"] = late
    for name, lines in option_problems(exercise, data.roles, data.options, data.scores).items():
        problems.setdefault(name, []).extend(lines)
    if problems:
        raise InvalidError(problems)


def add_inject(exercise: Exercise, data: InjectInput, *, actor: Person) -> ExerciseInject:
    """Write an inject into the MSEL."""
    with verb("exercise.inject", actor=actor):
        current = hold(exercise, actor)
        require(can_prepare(actor, current))
        _inject_problems(current, data)
        inject = ExerciseInject(exercise=current, number=_next(ExerciseInject, current))
        _write_inject(inject, data)
        inject.save()
        _write_beside(inject, data)
        return inject


def change_inject(
    inject: ExerciseInject, data: InjectInput, *, actor: Person, version: int
) -> ExerciseInject:
    """Change an inject that no team has received. Raises RefusedError, InvalidError, StaleError."""
    with verb("exercise.change_inject", actor=actor):
        exercise = hold(inject.exercise, actor)
        require(can_prepare(actor, exercise))
        current = lock_part(inject, actor=actor, version=version)
        if InjectDelivery.objects.unscoped(WHY).filter(inject=current, state="delivered").exists():
            raise RefusedError(_("It was delivered: what was said stays said. Write another one."))
        _inject_problems(exercise, data, current.at_minute)
        _write_inject(current, data)
        save_changed_part(current)
        _write_beside(current, data)
        return current


def _write_inject(inject: ExerciseInject, data: InjectInput) -> None:
    inject.title, inject.text = data.title.strip(), data.text.strip()
    inject.at_minute, inject.objective = data.at_minute, data.objective
    inject.options = [option.strip() for option in data.options]


def _write_beside(inject: ExerciseInject, data: InjectInput) -> None:
    """To whom it goes, and what is expected, which only control reads."""
    rows = InjectAddressee.objects.unscoped(WHY).filter(inject=inject)
    wanted = {role.pk for role in data.roles}
    rows.exclude(role__in=wanted).delete()
    known = set(rows.values_list("role_id", flat=True))
    for role in sorted(wanted - known):
        InjectAddressee.objects.create(inject=inject, role_id=role)
    expectation = InjectExpectation.objects.unscoped(WHY).filter(inject=inject).first()
    expectation = expectation or InjectExpectation(inject=inject)
    expectation.expected = data.expected.strip()
    expectation.effects = [effect.strip() for effect in data.effects]
    expectation.scores = data.scores
    expectation.save()


def remove_row(row: Row, *, actor: Person, version: int) -> None:
    """Take an objective, a role, an inject or a run away, before STARTEX."""
    with verb(f"exercise.remove_{row._meta.model_name}", actor=actor):
        exercise = hold(row.exercise, actor)
        require(can_remove(actor, exercise))
        current = lock_part(row, actor=actor, version=version)
        try:
            current.delete()
        except ProtectedError as error:
            raise RefusedError(_("Injects go to this role. Change them first.")) from error
