"""What waits for a person among assets: requests on which a position of theirs decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import moment_text
from cimic_portal.overview.waits import MOST, Waiting
from operations.models import Booking

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def assets_waiting(person: Person) -> Iterator[Waiting]:
    """Requests for assets, the most urgent first."""
    rows = Booking.objects.visible_to(person).asked_of(person).select_related("asset", "office")
    for booking in rows.order_by("due_at", "pk")[:MOST]:
        told = {"office": booking.office, "start": moment_text(booking.starts_at)}
        yield Waiting(
            record=booking.asset,
            title=booking.asset.name,
            url=booking.get_absolute_url(),
            sub=_("Asked for by %(office)s, from %(start)s") % told,
            label=_("Confirm or decline"),
            tone="waiting",
            due=booking.due_at,
            overdue=booking.is_overdue,
        )
