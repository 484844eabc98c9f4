"""The list of assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
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
    Sort,
    Tab,
    TickFilter,
)
from cimic_portal.core.sharing.levels import Classification, Component
from operations.models import Asset, AssetKind, AssetState
from operations.policies.asset import can_register

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _free_now(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    now = timezone.now()
    found: QuerySet[Any] = rows.free_between(now, now + timedelta(minutes=1), person)  # type: ignore[attr-defined]
    return found


class AssetFilter(ListFilter):
    q = SearchFilter("name", "number", "capabilities", "languages", "conditions")
    kind = RecordFilter("kind", lambda person: AssetKind.objects.all(), label=_("Kind"))
    component = OneOfFilter("owner_office__component", Component.choices, label=_("Component"))
    office = OfficeFilter(label=_("Held by"))
    state = OneOfFilter("state", AssetState.choices, label=_("State"))
    free = TickFilter(_free_now, label=_("Free now"))
    my_office = TickFilter(lambda rows, person: rows.held_by(person), label=_("My office"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    found = [
        {"label": _now("Load"), "url": reverse("asset_load"), "page": True},
        {"label": _now("Bookings"), "url": reverse("bookings"), "page": True},
    ]
    if can_register(person):
        found.append({"label": _now("Enter an asset"), "url": reverse("asset_new"), "page": True})
    return found


asset_list = Listing(
    "assets",
    Asset,
    title=_("Assets"),
    columns=[
        ListColumn("name", _("Asset"), width=40, sort="name"),
        ListColumn("kind", _("Kind")),
        ListColumn(
            "component",
            _("Component"),
            value=lambda row: str(row.owner_office.get_component_display()),
            cell="component",
        ),
        ListColumn("owner_office", _("Held by")),
        ListColumn("capacity_words", _("Capacity"), cell="short"),
        ListColumn("quantity", _("Pieces"), kind="integer", on_page=False),
        ListColumn("home", _("Home place"), on_page=False),
        ListColumn("number", _("Number"), on_page=False),
        ListColumn("capabilities", _("What it can do"), on_page=False, width=60),
        ListColumn("languages", _("Languages"), on_page=False),
        ListColumn("conditions", _("Conditions of use"), on_page=False, width=60),
        ListColumn("state_reason", _("Reason"), on_page=False),
        ListColumn("back_at", _("Expected back"), kind="moment", on_page=False),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read"), minor=True),
        ListColumn.state(_("State")),
    ],
    filters=AssetFilter,
    sorts={"name": Sort(("name",), _("from A"), _("from Z"))},
    default_sort="name",
    tabs=[
        Tab(_("In service"), {"state": AssetState.IN_SERVICE}),
        Tab(_("Free now"), {"free": "1"}),
        Tab(_("Under repair"), {"state": AssetState.UNDER_REPAIR}, counted=True),
        Tab(_("My office"), {"my_office": "1"}),
    ],
    prepare=lambda rows, person: rows.select_related("kind", "owner_office", "home"),
    actions=_actions,
    nothing_yet=_("No assets yet"),
    nothing_yet_help=_(
        "Enter what your office holds and can lend: vehicles, plant, aircraft, teams, stores."
    ),
)
