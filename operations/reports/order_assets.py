"""The annex of assets: what is booked for the operation, for which task and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.models import BookedFor, Booking, BookingState
from operations.models.booking import OPEN_BOOKINGS
from operations.reports.order_annexes import Annex, Content, Line, Table
from operations.reports.order_words import stacked

if TYPE_CHECKING:
    from uuid import UUID

    from operations.reports.order_reading import OrderBook


def _assets(book: OrderBook) -> Content | None:
    """Confirmed bookings by office, then what has not been answered: a request is no promise."""
    uses = BookedFor.objects.visible_to(book.person).filter(operation=book.operation)
    keys = dict(uses.values_list("booking_id", "task_key"))
    bookings = list(
        Booking.objects.visible_to(book.person)
        .filter(pk__in=keys, state__in=OPEN_BOOKINGS)
        .select_related("asset__kind", "asset__owner_office")
        .order_by("asset__owner_office__name", "starts_at", "pk")
    )
    if not bookings:
        return None
    numbers = {task.key: book.number(task) for task in book.plan.tasks}
    held = [row for row in bookings if row.state == BookingState.CONFIRMED]
    asked = [row for row in bookings if row.state == BookingState.REQUESTED]
    tables = [
        _table(caption, rows, keys, numbers)
        for caption, rows in ((_("Confirmed"), held), (_("Requested, not yet confirmed"), asked))
        if rows
    ]
    sources = {row.asset_id: row.asset for row in bookings}
    return Content(
        tables, intro=_("As the bookings stood when this was made."), sources=list(sources.values())
    )


def _table(
    caption: str, bookings: list[Booking], keys: dict[int, UUID | None], numbers: dict[UUID, str]
) -> Table:
    rows: list[Line] = []
    office = None
    for booking in bookings:
        if booking.asset.owner_office != office:
            office = booking.asset.owner_office
            rows.append(Line(group=str(office)))
        key = keys[booking.pk]
        rows.append(
            Line(
                [
                    f"{booking.asset}\n{booking.asset.kind}",
                    booking.purpose,
                    stacked(booking.starts_at),
                    stacked(booking.ends_at),
                    numbers.get(key, "") if key else "",
                ]
            )
        )
    heads = [_("Asset"), _("What for"), _("From"), _("To"), _("Task no.")]
    return Table(caption, heads, (2, 2.4, 1.5, 1.5, 0.7), rows)


ASSETS = Annex("assets", gettext_lazy("Assets"), _assets, order=30)
