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


@dataclass(frozen=True)
class Zoom:
    """How wide a day is drawn, and how many days at most on one page; `width` instead: all of it."""

    per_day: float
    days: int
    width: float = 0


ZOOMS = {
    "day": Zoom(176, 21),
    "week": Zoom(34, 105),
    "month": Zoom(9, 732),
    "phase": Zoom(0, 3 * 366, width=1060),
}


@dataclass(frozen=True)
class Column:
    """A day, week, month or phase along the top."""

    words: str
    x: float
    width: float


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
    operation = plan.revision.operation
    rows: list[Phase | OperationTask] = [*plan.phases, *plan.tasks]
    starts = [operation.starts_at, *(row.starts_at for row in rows), *(d.due_at for d in plan.decisions)]
    ends = [operation.ends_at, *(row.ends_at for row in rows), *(d.due_at for d in plan.decisions)]
    last = midnight(max(ends))
    return midnight(min(starts)), last if last == max(ends) else midnight(last + DAY * 1.5)


def usual_zoom(plan: ReadPlan) -> str:
    """The closest one that shows the whole plan on one page."""
    start, end = whole_span(plan)
    days = (end - start) / DAY
    return next((name for name, zoom in ZOOMS.items() if zoom.days >= days), "phase")


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


def _columns(axis: Axis, plan: ReadPlan, zoom: str) -> Iterable[Column]:
    if zoom == "phase" and plan.phases:
        bounds = sorted({axis.start, *(phase.starts_at for phase in plan.phases)})
        words = {phase.starts_at: phase.name for phase in reversed(plan.phases)}
    else:
        bounds = list(bounds_of(axis, "month" if zoom == "phase" else zoom))
        words = {at: _bound_words(at, zoom) for at in bounds}
    ends = [*bounds[1:], axis.end]
    for at, end in zip(bounds, ends, strict=True):
        if at < axis.end:
            yield Column(words.get(at, ""), axis.x(at), round(axis.x(end) - axis.x(at), 1))


def bounds_of(axis: Axis, zoom: str) -> Iterable[datetime]:
    at = axis.start
    while at < axis.end:
        yield at
        day = timezone.localtime(at).date()
        step = {"day": 1, "week": 7 - day.weekday()}.get(zoom) or (32 - day.day)
        after = day + timedelta(days=step)
        after = after.replace(day=1) if zoom not in ("day", "week") else after
        at = timezone.make_aware(datetime.combine(after, time.min))


def _bound_words(at: datetime, zoom: str) -> str:
    local = timezone.localtime(at)
    return format_date(local, {"day": "D j M", "week": "j M"}.get(zoom, "M Y"))
