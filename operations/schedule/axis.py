"""The axis of time: how close it is looked at, where a moment stands, and what is written along the top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as format_date

from operations.schedule.reading import ReadPlan

if TYPE_CHECKING:
    from operations.models import OperationTask, Phase

DAY = timedelta(days=1)
# The hour from which the next line is midnight's, where a day has four.
LAST_WATCH = 18


@dataclass(frozen=True)
class Zoom:
    """How wide a day is drawn, and how many days at most on one page; `width` instead: all of it."""

    per_day: float
    days: int
    width: float = 0


# A page is as wide as the picture on a laptop's screen, so that nobody scrolls sideways.
WIDTH = 800.0
ZOOMS = {
    "whole": Zoom(0, 3 * 366, width=WIDTH),
    "day": Zoom(114, 7),
    "fortnight": Zoom(57, 14),
    "week": Zoom(28.5, 28),
    "month": Zoom(8.7, 92),
    "phase": Zoom(0, 3 * 366, width=WIDTH),
}
# So many tasks fit on a page over a satellite link; a plan with more is opened at today.
MOST_AT_ONCE = 90
# About as wide as a letter is drawn.
LETTER = 6.6


@dataclass(frozen=True)
class Column:
    """A day, week, month or phase along the top."""

    words: str
    x: float
    width: float

    @property
    def words_x(self) -> int:
        return round(self.x) + 6


@dataclass(frozen=True)
class Axis:
    """The stretch of time that is drawn; `start` and `end` are midnights of the mission's clock."""

    start: datetime
    end: datetime
    width: float
    columns: tuple[Column, ...] = ()

    @property
    def per_minute(self) -> float:
        return self.width / ((self.end - self.start) / timedelta(minutes=1))

    def x(self, at: datetime) -> float:
        """Where a moment stands; what lies outside stands at the edge."""
        inside = min(max(at, self.start), self.end)
        return round((inside - self.start) / timedelta(minutes=1) * self.per_minute, 1)

    def shows(self, start: datetime, end: datetime) -> bool:
        return start < self.end and end > self.start


def midnight(at: datetime) -> datetime:
    local = timezone.localtime(at)
    return timezone.make_aware(datetime.combine(local.date(), time.min))


def whole_span(plan: ReadPlan) -> tuple[datetime, datetime]:
    """From the first midnight before to the first after everything that the plan holds."""
    start, end = plan.revision.period
    rows: list[Phase | OperationTask] = [*plan.phases, *plan.tasks]
    starts = [start, *(row.starts_at for row in rows), *(d.due_at for d in plan.decisions)]
    ends = [end, *(row.ends_at for row in rows), *(d.due_at for d in plan.decisions)]
    last = midnight(max(ends))
    return midnight(min(starts)), last if last == max(ends) else midnight(last + DAY * 1.5)


def usual_view(plan: ReadPlan) -> tuple[str, datetime | None]:
    """Zoom and first day of a page that was asked for without them.

    The whole operation; of a plan with very many tasks the widest stretch that a slow link can carry.
    """
    if len(plan.tasks) <= MOST_AT_ONCE:
        return "whole", None
    for name in ("month", "week", "fortnight", "day"):
        since = usual_since(plan, name)
        axis = make_axis(plan, name, since)
        if sum(axis.shows(task.starts_at, task.ends_at) for task in plan.tasks) <= MOST_AT_ONCE:
            break
    return name, since


def usual_since(plan: ReadPlan, zoom: str) -> datetime | None:
    """Where a page begins that shows not all: at this week, while the operation runs."""
    start, end = whole_span(plan)
    chosen = ZOOMS[zoom]
    if chosen.width or not start < plan.now < end:
        return None
    week = midnight(plan.now - DAY * timezone.localtime(plan.now).weekday())
    return max(start, min(week, midnight(end - DAY * (chosen.days - 0.5))))


def make_axis(plan: ReadPlan, zoom: str, since: datetime | None = None, *, width: float = 0) -> Axis:
    """The axis of a zoom, from `since` on where not all fits; `width` fits all into a given width."""
    chosen = ZOOMS[zoom]
    start, end = whole_span(plan)
    if since is not None and start < since < end:
        start = midnight(since)
    end = min(end, midnight(start + DAY * (chosen.days + 0.5)))
    full = width or chosen.width or max((end - start) / DAY * chosen.per_day, chosen.per_day)
    axis = Axis(start, end, round(full, 1))
    return replace(axis, columns=tuple(_columns(axis, plan, zoom)))


def cut(words: str, width: float) -> str:
    """As much of the words as is about so wide."""
    most = int((width - LETTER) / LETTER)
    return words if len(words) <= most else f"{words[: most - 1]}…" if most > 1 else ""


def _columns(axis: Axis, plan: ReadPlan, zoom: str) -> Iterable[Column]:
    if zoom == "phase" and plan.phases:
        bounds = sorted({axis.start, *(phase.starts_at for phase in plan.phases)})
        words = {phase.starts_at: phase.name for phase in reversed(plan.phases)}
    else:
        step = _step(axis, zoom)
        bounds = list(bounds_of(axis, step))
        words = {at: _bound_words(at, step, at == axis.start) for at in bounds}
    ends = [*bounds[1:], axis.end]
    for at, end in zip(bounds, ends, strict=True):
        if at < axis.end:
            width = round(axis.x(end) - axis.x(at), 1)
            yield Column(cut(words.get(at, ""), width), axis.x(at), width)


# The finest step whose words have room: (days drawn at most, step).
_STEPS = ((2, "watch"), (12, "day"), (28, "date"), (100, "week"))


def _step(axis: Axis, zoom: str) -> str:
    """How far apart the lines stand."""
    if zoom == "month":
        return "week"
    days = (axis.end - axis.start) / DAY
    return next((step for most, step in _STEPS if days <= most), "month")


def bounds_of(axis: Axis, step: str) -> Iterable[datetime]:
    at = axis.start
    while at < axis.end:
        yield at
        local = timezone.localtime(at)
        day, hour = local.date(), time.min
        if step == "watch" and local.hour < LAST_WATCH:
            hour = time(local.hour // 6 * 6 + 6)
        elif step in ("watch", "day", "date"):
            day += timedelta(days=1)
        elif step == "week":
            day += timedelta(days=7 - day.weekday())
        else:
            day = (day + timedelta(days=32 - day.day)).replace(day=1)
        at = timezone.make_aware(datetime.combine(day, hour))


def _bound_words(at: datetime, step: str, first: bool) -> str:
    """The month is named where one begins."""
    local = timezone.localtime(at)
    if step == "watch" and local.hour:
        return format_date(local, "H:i")
    named = first or local.day == 1
    forms = {
        "watch": "j M",
        "day": "D j M" if named else "D j",
        "date": "j M" if named else "j",
        "week": "j M",
    }
    return format_date(local, forms.get(step, "M Y"))
