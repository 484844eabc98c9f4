"""Verbs on exercises: plan, schedule, cancel, end, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.audience import Sharing, sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.stream import announce, topic_of
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from training.models import Exercise, ExerciseInject, ExerciseRun, ExerciseSeat, RunState
from training.models import ExerciseState as State
from training.policies import exercise as policies
from training.services.exercise_checks import check_complete
from training.services.exercise_record import enter_in_records

if TYPE_CHECKING:
    from cimic_portal.core.models import Area, Office, Person
    from operations.models import OperationType
    from training.models import LessonTheme

LATEST = timedelta(days=2 * 366)
LONGEST = timedelta(days=31)
MOST_DIMENSIONS = 6
WHY = "parts of the exercise that is locked under the rule"


@dataclass(frozen=True)
class ExerciseInput:
    """What one form says about an exercise. `dimensions`: by what decisions are scored."""

    title: str
    form: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    scenario: str = ""
    theme: LessonTheme | None = None
    kind: OperationType | None = None
    area: Area | None = None
    dimensions: tuple[str, ...] = ()

    def write(self, exercise: Exercise) -> None:
        for name in ("title", "purpose", "scenario"):
            setattr(exercise, name, getattr(self, name).strip())
        for name in ("form", "starts_at", "ends_at", "theme", "kind", "area"):
            setattr(exercise, name, getattr(self, name))
        exercise.dimensions = [name.strip() for name in self.dimensions if name.strip()]

    def problems(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        if self.ends_at <= self.starts_at:
            found["ends_at"] = [_("ENDEX lies before STARTEX.")]
        elif self.ends_at - self.starts_at > LONGEST:
            found["ends_at"] = [_("An exercise lasts a month at most. Check the days.")]
        if self.starts_at > timezone.now() + LATEST:
            found["starts_at"] = [_("This lies more than two years ahead. Check the year.")]
        names = [name.strip().casefold() for name in self.dimensions if name.strip()]
        if len(names) > MOST_DIMENSIONS:
            found["dimensions"] = [_("Six at most, so that they can be compared on one page.")]
        elif len(names) != len(set(names)):
            found["dimensions"] = [_("One of them stands here twice.")]
        return found


def create_exercise(
    data: ExerciseInput, *, actor: Person, office: Office, sharing: Sharing | None = None
) -> Exercise:
    """Begin an exercise; the office plans and controls it. Raises RefusedError, InvalidError."""
    wanted = sharing or Sharing()
    require(policies.can_plan(actor))
    problems = sharing_problems(actor, wanted.classification) | data.problems()
    if office.pk not in actor.access.offices:
        problems["office"] = [_("Choose one of your own offices.")]
    if problems:
        raise InvalidError(problems)
    with verb("exercise.create", actor=actor):
        exercise = Exercise(
            owner_office=office,
            author=actor,
            classification=wanted.classification,
            audience_components=sorted(wanted.components),
            audience_organisations=sorted(wanted.organisations),
        )
        data.write(exercise)
        exercise.save()
        return exercise


def edit_exercise(exercise: Exercise, data: ExerciseInput, *, actor: Person, version: int) -> Exercise:
    """Change title, scenario or period. Raises RefusedError, InvalidError, StaleError."""
    problems = data.problems()
    with verb("exercise.edit", actor=actor):
        current = lock(exercise, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        latest = _last_timed(current)
        minutes = int((data.ends_at - data.starts_at).total_seconds() // 60)
        if latest is not None and "ends_at" not in problems and latest > minutes:
            problems["ends_at"] = [
                _("An inject is timed %(minutes)d minutes after STARTEX.") % {"minutes": latest}
            ]
        kept = sum(1 for name in data.dimensions if name.strip())
        scored = ExerciseInject.objects.unscoped(WHY).filter(exercise=current).exclude(options=[]).first()
        if scored is not None and kept != len(current.dimensions):
            problems.setdefault("dimensions", []).append(
                _("“%(inject)s” scores its options by these: rename them, but add or remove none.")
                % {"inject": scored}
            )
        if problems:
            raise InvalidError(problems)
        data.write(current)
        save_changed(current)
        return current


def _last_timed(exercise: Exercise) -> int | None:
    found: int | None = (
        ExerciseInject.objects.unscoped(WHY)
        .filter(exercise=exercise)
        .aggregate(last=Max("at_minute"))["last"]
    )
    return found


def schedule_exercise(exercise: Exercise, *, actor: Person, version: int) -> Exercise:
    """Publish it: from now on its audience and those who are seated read it.

    Raises RefusedError, StaleError; InvalidError with everything that is missing.
    """
    with verb("exercise.schedule", actor=actor):
        current = lock(exercise, actor=actor, version=version)
        require(policies.can_schedule(actor, current))
        check_complete(current)
        current.state, current.published_at = State.SCHEDULED, timezone.now()
        save_changed(current)
        tell_state(current)
        tell_seated(current, "exercise.scheduled", actor)
        return current


def cancel_exercise(exercise: Exercise, *, actor: Person, version: int, reason: str) -> Exercise:
    """Call it off, with the reason; who was seated is told."""
    need_reason(reason, _("Say why it is cancelled."))
    with verb("exercise.cancel", actor=actor, reason=reason):
        current = lock(exercise, actor=actor, version=version)
        require(policies.can_cancel(actor, current))
        was_known = current.is_published
        stop_runs(current)
        current.state, current.state_reason = State.CANCELLED, reason.strip()
        save_changed(current)
        tell_state(current)
        if was_known:
            tell_seated(current, "exercise.cancelled", actor)
        return current


def end_exercise(exercise: Exercise, *, actor: Person, version: int) -> Exercise:
    """ENDEX: every run ends, and taking part stands in the training records."""
    with verb("exercise.end", actor=actor):
        current = lock(exercise, actor=actor, version=version)
        require(policies.can_end(actor, current))
        stop_runs(current)
        current.state, current.ended_at = State.ENDED, timezone.now()
        save_changed(current)
        tell_state(current)
        enter_in_records(current)
        tell_seated(current, "exercise.ended", actor)
        return current


def stop_runs(exercise: Exercise) -> None:
    """End the runs under way; those that never began stay as they are."""
    now = timezone.now()
    rows = ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise, state__in=("running", "paused"))
    for run in rows.select_for_update(of=("self",)):
        end_clock(run, now)
        run.version += 1
        run.save()


def end_clock(run: ExerciseRun, now: datetime) -> None:
    """Stop the clock for good; a pause that still lasts is taken out."""
    if run.paused_at is not None:
        run.paused_seconds += int((now - run.paused_at).total_seconds())
    run.state, run.paused_at, run.ended_at = RunState.ENDED, None, now


def tell_state(exercise: Exercise) -> None:
    """To the pages of it that are open."""
    announce(exercise, topic_of(exercise), "exercise.state")


def tell_seated(exercise: Exercise, kind: str, actor: Person | None) -> None:
    """Tell everyone who is seated."""
    seats = list(
        ExerciseSeat.objects.unscoped(WHY).filter(exercise=exercise).select_related("person", "position")
    )
    people = [seat.person for seat in seats if seat.person]
    notify(exercise, kind, people=people, positions=[s.position for s in seats if s.position], actor=actor)


def close_exercise(exercise: Exercise, *, actor: Person, version: int) -> Exercise:
    """Put it away: it stays readable."""
    with verb("exercise.close", actor=actor):
        current = lock(exercise, actor=actor, version=version)
        require(policies.can_close(actor, current))
        current.state = State.CLOSED
        save_changed(current)
        tell_state(current)
        return current
