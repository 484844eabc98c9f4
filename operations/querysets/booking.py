"""Which bookings, what they are for, and when assets are taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import BookedFor, Booking, Occupancy, Operation  # noqa: F401 - named in strings


class BookingQuerySet(PartQuerySet["Booking"]):
    def visible_to(self, person: Person | None) -> Self:
        """Narrower than its asset: the office that holds it, the one that asked, and whoever sees the
        operation it is for. Others know that the asset is taken, and no more."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        operations = apps.get_model("operations.Operation")._default_manager.visible_to(person)
        named = apps.get_model("operations.BookedFor")._default_manager.unscoped(
            "the rule of the operation is asked in the same breath"
        )
        known = named.filter(operation__in=operations.order_by().values("pk")).values("booking_id")
        owned = person.access.owned
        return seen.filter(
            Q(asset__owner_office__in=owned)
            | Q(office__in=owned)
            | Q(decider__in=person.access.positions)
            | Q(pk__in=known)
        )

    def open(self) -> Self:
        """Requested or confirmed."""
        return self.filter(state__in=("requested", "confirmed"))

    def waiting(self) -> Self:
        return self.filter(state="requested")

    def asked_of(self, person: Person) -> Self:
        """Requests that a position of the person's decides on, and not their own."""
        mine = self.waiting().filter(decider__in=person.access.positions)
        return mine.exclude(requested_by=person)

    def asked_by(self, person: Person) -> Self:
        """Of the offices in which the person acts."""
        return self.filter(office__in=person.access.offices)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.waiting().filter(due_at__lt=now or timezone.now())

    def for_operation(self, operation: Operation, person: Person) -> Self:
        """Bookings for an operation that the person sees."""
        named = apps.get_model("operations.BookedFor")._default_manager
        operations = apps.get_model("operations.Operation")._default_manager.visible_to(person)
        rows = named.unscoped("of an operation whose rule is asked here").filter(
            operation__in=operations.filter(pk=operation.pk).order_by().values("pk")
        )
        return self.filter(pk__in=rows.values("booking_id"))


class BookedForQuerySet(PartQuerySet["BookedFor"]):
    """What bookings are for: whoever sees the booking and the operation."""


class OccupancyQuerySet(PartQuerySet["Occupancy"]):
    def overlapping(self, start: datetime, end: datetime | None) -> Self:
        """Which meet `[start, end)`; an empty end is open."""
        rows = self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start))
        return rows.filter(starts_at__lt=end) if end is not None else rows

    def from_now(self) -> Self:
        """Which are not over."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()))
