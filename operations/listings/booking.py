"""The list of bookings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from operations.models import AssetKind, BookedFor, Booking, BookingState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class BookingFilter(ListFilter):
    q = SearchFilter("asset__name", "purpose")
    state = OneOfFilter("state", BookingState.choices, label=_("State"))
    kind = RecordFilter("asset__kind", lambda person: AssetKind.objects.all(), label=_("Kind"))
    holder = OfficeFilter("asset__owner_office", label=_("Held by"))
    office = OfficeFilter("office", label=_("Asked by"))
    since = SinceFilter("ends_at", label=_("Not over before"))
    until = UntilFilter("starts_at", label=_("Begins until"))
    for_me = TickFilter(lambda rows, person: rows.asked_of(person), label=_("For my decision"))
    ours = TickFilter(lambda rows, person: rows.asked_by(person), label=_("Asked by my office"))
    overdue = TickFilter(lambda rows, person: rows.overdue(), label=_("Answer overdue"))


def _prepare(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    uses = BookedFor.objects.visible_to(person).select_related("operation")
    named = rows.select_related("asset__owner_office", "asset__kind", "office", "decider__office")
    return named.prefetch_related(Prefetch("booked_for", uses, to_attr="shown_use"))


def _operation(row: Any) -> str:
    return str(row.shown_use.operation) if row.shown_use else ""


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    return [
        {"label": _now("Load"), "url": reverse("asset_load"), "page": True},
        {"label": _now("Assets"), "url": reverse("assets"), "page": True},
    ]


booking_list = Listing(
    "bookings",
    Booking,
    title=_("Bookings of assets"),
    columns=[
        ListColumn("asset.name", _("Asset"), width=40),
        ListColumn("operation", _("For the operation"), value=_operation),
        ListColumn("starts_at", _("From"), kind="moment", sort="starts"),
        ListColumn("ends_at", _("To"), kind="moment"),
        ListColumn("office", _("Asked by"), minor=True),
        ListColumn("asset.owner_office", _("Held by"), minor=True),
        ListColumn("purpose", _("What for"), on_page=False, width=50),
        ListColumn("decider", _("Decides"), on_page=False),
        ListColumn("due_at", _("Answer due"), kind="moment", on_page=False),
        ListColumn("requested_at", _("Requested"), kind="moment", on_page=False),
        ListColumn("decided_at", _("Decided"), kind="moment", on_page=False),
        ListColumn("freed_at", _("Given back"), kind="moment", on_page=False),
        ListColumn("reason", _("Reason"), on_page=False),
        ListColumn.state(_("State")),
    ],
    filters=BookingFilter,
    sorts={"starts": Sort(("starts_at",), _("begins first on top"), _("begins last on top"))},
    default_sort="-starts",
    tabs=[
        Tab(_("For my decision"), {"for_me": "1"}, counted=True),
        Tab(_("Waiting"), {"state": BookingState.REQUESTED}),
        Tab(_("Asked by my office"), {"ours": "1"}),
        Tab(_("Answer overdue"), {"overdue": "1"}, counted=True),
    ],
    names=lambda row: [row.shown_use.operation] if getattr(row, "shown_use", None) else [],
    prepare=_prepare,
    actions=_actions,
    nothing_yet=_("No bookings yet"),
    nothing_yet_help=_("Assets are asked for on the page “Assets” of an operation."),
)
