"""Taking part in an exercise, kept in the training records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.models import Person
from training.models import ExerciseEntry, ExerciseRun, ExerciseSeat
from training.services.record import record_of

if TYPE_CHECKING:
    from datetime import date

    from training.models import Exercise

WHY = "the seats of the exercise that has ended; each entry is a part of its person's record"


def enter_in_records(exercise: Exercise) -> int:
    """Write for everyone who was seated in a run that took place that they took part. Returns how many.

    Who holds or deputises for a position at ENDEX played it. Written once, also when the exercise is run
    again with another team.
    """
    runs = ExerciseRun.objects.unscoped(WHY).filter(exercise=exercise, started_at__isnull=False)
    played = {run.pk: run for run in runs}
    if not played:
        return 0
    first = min(_day(run.started_at) for run in played.values())
    last = max(_day(run.ended_at) for run in played.values())
    count = 0
    seats = ExerciseSeat.objects.unscoped(WHY).filter(exercise=exercise)
    for seat in seats.select_related("role", "person", "position"):
        run = played.get(seat.run_id) if seat.run_id else None
        if seat.run_id and run is None:
            continue
        days = (_day(run.started_at), _day(run.ended_at)) if run else (first, last)
        for person in _players(seat):
            count += _enter(exercise, seat, run, person, days)
    return count


def _players(seat: ExerciseSeat) -> list[Person]:
    """The person who is named; else whoever acts for the position and holds a post."""
    if seat.person is not None:
        return [seat.person] if seat.person.access.held else []
    assert seat.position is not None  # A seat names one.
    return [person for person in Person.objects.acting_for(seat.position) if person.access.held]


def _enter(
    exercise: Exercise, seat: ExerciseSeat, run: ExerciseRun | None, person: Person, days: tuple[date, date]
) -> int:
    _row, is_new = ExerciseEntry.objects.unscoped(WHY).get_or_create(
        record=record_of(person),
        exercise=exercise,
        role=seat.role.title,
        team=run.team if run else "",
        defaults={
            "side": seat.role.side,
            "component": seat.role.component,
            "first_on": days[0],
            "last_on": days[1],
        },
    )
    return int(is_new)


def _day(moment: object) -> date:
    """The day of the mission's calendar."""
    return timezone.localtime(moment).date()  # type: ignore[arg-type]
