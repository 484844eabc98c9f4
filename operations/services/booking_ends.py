"""How bookings end without anybody at them: their time passes, the operation ends, the asset goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import save_changed_part, verb
from operations.models import Asset, BookedFor, Booking, BookingState
from operations.policies.booking import heads_above

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from operations.models import Operation

WHY = "the portal ends what is over, whoever may see it"


def _open_rows(**which: object) -> Iterable[Booking]:
    """Open bookings, locked; in one order, so that two at once do not wait for each other."""
    rows = Booking.objects.unscoped(WHY).filter(**which).open().select_for_update(of=("self",))
    named = rows.select_related("asset__owner_office", "requested_by", "decider")
    return list(named.order_by("asset_id", "pk"))


def free_bookings_of(operation: Operation, *, actor: Person) -> int:
    """An operation was completed or cancelled: its requests fall away, its assets are free from now on.

    Part of the verb of the operation. Returns how many bookings ended.
    """
    named = BookedFor.objects.unscoped(WHY).filter(operation=operation).values_list("booking_id", flat=True)
    # In words that tell nothing of the operation to whoever holds the asset.
    rows = list(_open_rows(pk__in=list(named)))
    for booking in rows:
        _end(booking, _("It is not needed any more."))
        notify(booking.asset, "booking.freed", positions=_holders(booking), actor=actor)
    return len(rows)


def drop_bookings_of(asset: Asset, reason: str, *, actor: Person) -> int:
    """An asset goes for good: requests are declined, what was promised is released. Part of its verb."""
    rows = list(_open_rows(asset=asset))
    for booking in rows:
        waits = booking.state == BookingState.REQUESTED
        _end(booking, reason)
        if waits:
            booking.state, booking.decided_by, booking.decided_at = (
                BookingState.DECLINED,
                actor,
                timezone.now(),
            )
            booking.freed_at = None
            booking.save()
        news = "booking.declined" if waits else "booking.released"
        notify(booking.asset, news, people=[booking.requested_by], actor=actor)
    return len(rows)


def _end(booking: Booking, reason: str) -> None:
    """A request is cancelled; what has begun ends, what lies ahead is released."""
    now = timezone.now()
    if booking.state == BookingState.REQUESTED:
        booking.state, booking.reason = BookingState.CANCELLED, reason
    elif booking.starts_at <= now:
        booking.state, booking.reason = BookingState.ENDED, reason
    else:
        booking.state, booking.reason = BookingState.RELEASED, reason
    booking.freed_at = now
    save_changed_part(booking)


def _holders(booking: Booking) -> list[Position]:
    return [booking.decider] if booking.decider is not None else heads_above(booking)[:1]


def end_past_bookings(now: datetime | None = None) -> int:
    """What was confirmed and is over has ended; a request that nobody answered lapses, and is told.

    Nothing is ever confirmed by time. Returns how many.
    """
    at = now or timezone.now()
    with verb("booking.end", actor=None):
        rows = list(_open_rows(ends_at__lte=at))
        for booking in rows:
            if booking.state == BookingState.CONFIRMED:
                booking.state = BookingState.ENDED
                save_changed_part(booking)
                continue
            booking.state = BookingState.CANCELLED
            booking.reason = _("Its time passed without an answer.")
            save_changed_part(booking)
            people, positions = [booking.requested_by], _holders(booking)
            notify(booking.asset, "booking.lapsed", people=people, positions=positions, actor=None)
    return len(rows)


def escalate_overdue_requests(now: datetime | None = None) -> int:
    """Tell who asked, who is asked and the head above of each request that is overdue; once."""
    at = now or timezone.now()
    with verb("booking.escalate", actor=None):
        rows = list(
            Booking.objects.unscoped(WHY)
            .overdue(at)
            .filter(escalated_at__isnull=True)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("asset__owner_office", "requested_by", "decider")
        )
        for booking in rows:
            booking.escalated_at = at
            booking.save()
            notify(
                booking.asset,
                "booking.overdue",
                people=[booking.requested_by],
                positions=[*_holders(booking), *_above(booking)],
                actor=None,
                key=f"booking.overdue:{booking.pk}:{booking.version}",
            )
    return len(rows)


def _above(booking: Booking) -> list[Position]:
    """The first head who is not the position asked."""
    return [head for head in heads_above(booking) if head.pk != booking.decider_id][:1]
