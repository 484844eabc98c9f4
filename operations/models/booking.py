"""Bookings of assets, and what they are for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.records import Part
from operations.models.asset import Asset
from operations.models.operation import Operation
from operations.querysets.booking import BookedForQuerySet, BookingQuerySet


class BookingState(models.TextChoices):
    """Fixed: requested → confirmed / declined / cancelled; confirmed → released / ended."""

    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    RELEASED = "released", _("Released")
    ENDED = "ended", _("Ended")


OPEN_BOOKINGS = (BookingState.REQUESTED, BookingState.CONFIRMED)
# These stand, or stood, in the calendar of the asset.
HELD_BOOKINGS = (BookingState.CONFIRMED, BookingState.RELEASED, BookingState.ENDED)
_TONES = {
    BookingState.REQUESTED: "waiting",
    BookingState.CONFIRMED: "running",
    BookingState.DECLINED: "refused",
    BookingState.ENDED: "done",
}

# What is confirmed holds the asset; what was given back holds it up to then. So no code can forget it.
_HOLD = """
    held_until := least(NEW.ends_at, coalesce(NEW.freed_at, NEW.ends_at));
    IF NEW.state IN ('confirmed', 'released', 'ended') AND held_until > NEW.starts_at THEN
        INSERT INTO operations_occupancy (asset_id, booking_id, starts_at, ends_at)
            VALUES (NEW.asset_id, NEW.id, NEW.starts_at, held_until)
            ON CONFLICT (booking_id) DO UPDATE
            SET starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at;
    ELSE
        DELETE FROM operations_occupancy WHERE booking_id = NEW.id;
    END IF;
    RETURN NULL;
"""


@pgtrigger.register(
    pgtrigger.Trigger(
        name="hold",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("held_until", "TIMESTAMPTZ")],
        func=_HOLD,
    )
)
@pghistory.track()
class Booking(Part):
    """One asset, asked for or promised, over a period. Times are instants.

    `purpose` is what the office that holds the asset reads; for which operation it is, BookedFor says to
    those who may know. `office` asks for it, through `requested_by`; `decider` answers, by `due_at`: what
    is overdue is escalated, never confirmed by time. `freed_at`: when it was given back before its end.
    Personal data: who asked and who decided. Retention: with the asset.
    """

    part_of = "asset"

    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="bookings")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    purpose = models.CharField(_("what for"), max_length=300)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by the office")
    )
    requested_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"), default=timezone.now, editable=False)
    decider = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decides"),
    )
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.REQUESTED)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    freed_at = models.DateTimeField(_("given back"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = BookingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            # What waits for a position, and what is overdue.
            models.Index(
                fields=["decider", "due_at"], name="booking_waiting", condition=Q(state="requested")
            ),
            # The list, by beginning.
            models.Index(fields=["starts_at", "id"], name="booking_by_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "cancelled", "released"]) | ~Q(reason=""),
                name="booking_given_up_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"]) | Q(decided_by__isnull=False),
                name="booking_decided_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.asset.name

    def get_absolute_url(self) -> str:
        return reverse("booking", args=[self.pk])

    @property
    def classification(self) -> int:
        """Of what the booking itself says: that of its asset."""
        return self.asset.classification

    @property
    def state_tone(self) -> str:
        return _TONES.get(BookingState(self.state), "draft")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_BOOKINGS

    @property
    def is_overdue(self) -> bool:
        waits = self.state == BookingState.REQUESTED and self.due_at is not None
        return waits and self.due_at < timezone.now()  # type: ignore[operator]

    @property
    def held_until(self) -> datetime:
        """Until when it holds, or held, the asset."""
        return min(self.ends_at, self.freed_at or self.ends_at)

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """As `BookingQuerySet.visible_to`, without the ways that lead through an operation."""
        owned = person.access.owned
        return record_event.owner_office_id in owned or event.office_id in owned


@pghistory.track()
class BookedFor(Part):
    """For which operation, and which task of its plan, an asset is booked.

    A row of its own, because whoever may see the booking need not know of the operation. The task is
    named by its key, which stays the same through every revision of the plan: neither rework nor a FRAGO
    loses a booking. Personal data: none. Retention: with the booking.
    """

    part_of = "booking"
    also_of = ("operation",)

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="booked_for")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="booked")
    task_key = models.UUIDField(_("task"), null=True, blank=True)

    objects = BookedForQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("purpose of a booking")
        verbose_name_plural = _("purposes of bookings")
        indexes = [
            # The bookings of an operation, and of one of its tasks.
            models.Index(fields=["operation", "task_key"], name="bookedfor_task"),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} for {self.operation_id}"
