"""A run on its clock: STARTEX, pause, ENDEX; and the injects, delivered by the clock or by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock_part, save_changed_part, verb
from training.models import (
    DeliveryState,
    Exercise,
    ExerciseInject,
    ExerciseRun,
    ExerciseSeat,
    InjectAddressee,
    InjectDelivery,
    RunState,
)
from training.models import ExerciseState as State
from training.policies import exercise as policies
from training.services.exercise import end_clock, tell_seated, tell_state
from training.services.exercise_checks import run_gaps, run_overlaps
from training.services.exercise_plan import hold
from training.services.exercise_record import enter_in_records

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "parts of a run whose exercise is locked under the rule, or that the clock moves"


def start_run(run: ExerciseRun, *, actor: Person, version: int) -> ExerciseRun:
    """STARTEX: the clock of this run begins. Raises RefusedError, InvalidError, StaleError."""
    with verb("exercise.start", actor=actor):
        exercise = hold(run.exercise, actor)
        current = lock_part(run, actor=actor, version=version)
        require(policies.can_start(actor, current))
        if problems := run_gaps(current) + run_overlaps(current):
            raise InvalidError({"seats": problems})
        current.state, current.started_at = RunState.RUNNING, timezone.now()
        save_changed_part(current)
        _follow(exercise)
        tell_seated(exercise, "exercise.started", actor)
        announce(exercise, topic_of(exercise), "exercise.clock", current.pk)
        return current


def pause_run(run: ExerciseRun, *, actor: Person, version: int) -> ExerciseRun:
    """Stop the clock for a while: nothing is delivered meanwhile."""
    with verb("exercise.pause", actor=actor):
        exercise = hold(run.exercise, actor)
        current = lock_part(run, actor=actor, version=version)
        require(policies.can_pause(actor, current))
        current.state, current.paused_at = RunState.PAUSED, timezone.now()
        return _moved(current, exercise)


def resume_run(run: ExerciseRun, *, actor: Person, version: int) -> ExerciseRun:
    """Let the clock run on: the pause is taken out of exercise time."""
    with verb("exercise.resume", actor=actor):
        exercise = hold(run.exercise, actor)
        current = lock_part(run, actor=actor, version=version)
        require(policies.can_resume(actor, current))
        assert current.paused_at is not None  # What is paused says since when.
        current.paused_seconds += int((timezone.now() - current.paused_at).total_seconds())
        current.state, current.paused_at = RunState.RUNNING, None
        return _moved(current, exercise)


def end_run(run: ExerciseRun, *, actor: Person, version: int) -> ExerciseRun:
    """This team is through; the exercise goes on until control ends it.

    Where the exercise had ended before (another team ran it again), it ends anew with this run.
    """
    with verb("exercise.end_run", actor=actor):
        exercise = hold(run.exercise, actor)
        current = lock_part(run, actor=actor, version=version)
        require(policies.can_end_run(actor, current))
        end_clock(current, timezone.now())
        return _moved(current, exercise)


def _moved(run: ExerciseRun, exercise: Exercise) -> ExerciseRun:
    save_changed_part(run)
    _follow(exercise)
    announce(exercise, topic_of(exercise), "exercise.clock", run.pk)
    return run


def _follow(exercise: Exercise) -> None:
    """The state of the exercise follows its clocks: running while one runs, else paused while one pauses."""
    runs = ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise)
    states = set(runs.values_list("state", flat=True))
    wanted = exercise.state
    if RunState.RUNNING in states:
        wanted = State.RUNNING
    elif RunState.PAUSED in states:
        wanted = State.PAUSED
    elif exercise.ended_at is not None:
        wanted = State.ENDED
        enter_in_records(exercise)
    elif wanted == State.PAUSED:
        wanted = State.RUNNING
    if wanted != exercise.state:
        exercise.state = wanted
        exercise.version += 1
        exercise.save()
        tell_state(exercise)


def deliver_inject(
    run: ExerciseRun, inject: ExerciseInject, *, actor: Person, version: int
) -> InjectDelivery:
    """Deliver an inject now: one by hand, one that was held back, or a timed one before its time."""
    return _judge(run, inject, DeliveryState.DELIVERED, actor=actor, version=version)


def hold_inject(run: ExerciseRun, inject: ExerciseInject, *, actor: Person, version: int) -> InjectDelivery:
    """Hold a timed inject back: the clock passes it over until control delivers it."""
    return _judge(run, inject, DeliveryState.HELD, actor=actor, version=version)


def skip_inject(run: ExerciseRun, inject: ExerciseInject, *, actor: Person, version: int) -> InjectDelivery:
    """Leave an inject out of this run."""
    return _judge(run, inject, DeliveryState.SKIPPED, actor=actor, version=version)


def _judge(
    run: ExerciseRun, inject: ExerciseInject, state: DeliveryState, *, actor: Person, version: int
) -> InjectDelivery:
    with verb(f"exercise.{state.value}", actor=actor):
        hold(run.exercise, actor)
        current = lock_part(run, actor=actor, version=version)
        require(policies.can_deliver(actor, current))
        if inject.exercise_id != current.exercise_id:
            raise RefusedError(_("This inject belongs to another exercise."))
        stands = InjectDelivery.objects.unscoped(WHY).filter(run=current, inject=inject).first()
        if stands is not None and stands.state != DeliveryState.HELD:
            raise RefusedError(
                _("“%(inject)s”: %(state)s already.")
                % {"inject": inject.title, "state": stands.get_state_display().lower()}
            )
        return _write(current, inject, state, stands, by=actor, now=timezone.now())


def _write(
    run: ExerciseRun,
    inject: ExerciseInject,
    state: DeliveryState,
    stands: InjectDelivery | None,
    *,
    by: Person | None,
    now: datetime,
) -> InjectDelivery:
    row = stands or InjectDelivery(run=run, inject=inject)
    row.state, row.at, row.second, row.by = state, now, run.elapsed(now), by
    row.version += 1 if stands else 0
    row.save()
    if state == DeliveryState.DELIVERED:
        _tell(run, inject, by)
    announce(run.exercise, topic_of(run.exercise), f"exercise.{state.value}", row.pk)
    return row


def _tell(run: ExerciseRun, inject: ExerciseInject, actor: Person | None) -> None:
    """Those who play the roles to which it goes, in this run; once."""
    roles = InjectAddressee.objects.unscoped(WHY).filter(inject=inject).values("role_id")
    rows = ExerciseSeat.objects.unscoped(WHY).filter(run=run, role__in=roles)
    seats = list(rows.select_related("person", "position"))
    notify(
        run.exercise,
        "exercise.message",
        people=[seat.person for seat in seats if seat.person],
        positions=[seat.position for seat in seats if seat.position],
        actor=actor,
        key=f"exercise.message:{run.pk}:{inject.pk}",
    )


def deliver_due() -> int:
    """Deliver the timed injects whose exercise time has come, in every run whose clock runs. How many.

    For the worker, every few seconds. A run that another worker moves is left to it; an inject reaches a
    run once, whoever delivers it.
    """
    running = ExerciseRun.objects.unscoped(WHY).filter(state=RunState.RUNNING).values_list("pk", flat=True)
    return sum(_deliver_due(pk) for pk in list(running))


def _deliver_due(pk: int) -> int:
    with verb("exercise.clock", actor=None):
        rows = ExerciseRun.objects.unscoped(WHY).filter(pk=pk, state=RunState.RUNNING)
        run = rows.select_for_update(skip_locked=True, of=("self",)).select_related("exercise").first()
        if run is None:
            return 0
        now = timezone.now()
        known = InjectDelivery.objects.unscoped(WHY).filter(run=run).values("inject_id")
        due = ExerciseInject.objects.unscoped(WHY).filter(
            exercise=run.exercise_id, at_minute__lte=run.elapsed(now) // 60
        )
        injects = list(due.exclude(pk__in=known).order_by("at_minute", "number"))
        for inject in injects:
            _write(run, inject, DeliveryState.DELIVERED, None, by=None, now=now)
        return len(injects)
