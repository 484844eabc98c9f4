"""A month as a calendar shows it: its first day, and its weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

DAY = timedelta(days=1)
# Beyond these a calendar has nothing to tell.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def month_of(asked: str) -> date:
    """The first day of the month that an address names, as in `2026-12`; else of this one."""
    try:
        first = datetime.strptime(asked[:7], "%Y-%m").date()
    except ValueError:
        first = timezone.localdate()
    return min(max(first, EARLIEST), LATEST).replace(day=1)


def month_after(first: date) -> date:
    """The first day of the next month."""
    return (first + 32 * DAY).replace(day=1)


def weeks_of(first: date) -> Iterator[list[date | None]]:
    """The weeks of the month from Monday on, each with seven days; None for those of other months."""
    after = month_after(first)
    monday = first - first.weekday() * DAY
    while monday < after:
        days = [monday + DAY * n for n in range(7)]
        yield [day if first <= day < after else None for day in days]
        monday += 7 * DAY
