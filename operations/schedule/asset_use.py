"""When assets are taken and how much they are used: as much as a reader may know, in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from operations.models import AssetRules, BookedFor, Booking, Occupancy

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Asset, Operation

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Taken:
    """A time in which an asset is not free. `operation` and `url` only for those who may know.

    `ends_at` None: until further notice.
    """

    asset_id: int
    starts_at: datetime
    ends_at: datetime | None
    words: str
    is_out: bool
    operation: Operation | None = None
    url: str = ""

    @property
    def tone(self) -> str:
        return "waiting" if self.is_out else "running"

    def covers(self, start: datetime, end: datetime) -> bool:
        return self.starts_at < end and (self.ends_at is None or self.ends_at > start)


def taken_times(
    assets: Iterable[Asset], start: datetime, end: datetime | None, person: Person
) -> list[Taken]:
    """What takes these assets, which the person sees, in `[start, end)`; in order of time."""
    rows = list(
        Occupancy.objects.visible_to(person)
        .filter(asset__in=[asset.pk for asset in assets])
        .overlapping(start, end)
        .select_related("unavailability")
        .order_by("starts_at", "pk")
    )
    booked = [row.booking_id for row in rows if row.booking_id is not None]
    open_to = set(Booking.objects.visible_to(person).filter(pk__in=booked).values_list("pk", flat=True))
    uses = BookedFor.objects.visible_to(person).filter(booking__in=booked).select_related("operation")
    operations = {use.booking_id: use.operation for use in uses}
    return [_taken(row, open_to, operations.get(row.booking_id or 0)) for row in rows]


def _taken(row: Occupancy, open_to: set[int], operation: Operation | None) -> Taken:
    out = row.unavailability
    words = out.reason if out is not None else str(operation or _("Booked"))
    url = ""
    if row.booking_id in open_to:
        url = Booking(pk=row.booking_id).get_absolute_url()
    return Taken(row.asset_id, row.starts_at, row.ends_at, words, out is not None, operation, url)


def booked_for_task(operation: Operation, key: UUID, person: Person) -> list[Booking]:
    """Open bookings for one task of an operation that the person sees."""
    uses = BookedFor.objects.visible_to(person).filter(operation=operation, task_key=key)
    rows = Booking.objects.visible_to(person).open().filter(pk__in=uses.values("booking_id"))
    return list(rows.select_related("asset").order_by("starts_at", "pk"))


@dataclass(frozen=True)
class Use:
    """Hours of one stretch of time: booked, and in which the asset could have been; judged by `rules`."""

    booked: float
    usable: float
    rules: AssetRules

    @property
    def share(self) -> float | None:
        """0 to 1; None where it was out of service all the time."""
        return self.booked / self.usable if self.usable > 0 else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(self.share * 100)

    @property
    def is_over(self) -> bool:
        return self.share is not None and 100 * self.share > self.rules.over_used

    @property
    def is_under(self) -> bool:
        return self.share is not None and 100 * self.share < self.rules.under_used


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    """The first moment of a day of the mission's calendar."""
    return timezone.make_aware(datetime.combine(day, time.min))


def weeks_from(day: date, count: int) -> list[tuple[datetime, datetime]]:
    """`count` weeks from the Monday of that day on."""
    first = monday_of(day)
    return [(midnight(first + WEEK * n), midnight(first + WEEK * (n + 1))) for n in range(count)]


def use_of(taken: Sequence[Taken], start: datetime, end: datetime, rules: AssetRules) -> Use:
    """How one asset is used in `[start, end)`; `taken` are its times, which never overlap."""
    booked = sum(_hours(one, start, end) for one in taken if not one.is_out)
    out = sum(_hours(one, start, end) for one in taken if one.is_out)
    return Use(booked, (end - start) / HOUR - out, rules)


def _hours(one: Taken, start: datetime, end: datetime) -> float:
    until = min(one.ends_at or end, end)
    return max((until - max(one.starts_at, start)) / HOUR, 0.0)
