"""The list of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OneOfFilter,
    RecordFilter,
    SearchFilter,
    Sort,
)
from cimic_portal.core.listings.area import offered_areas
from cimic_portal.core.models import Area, Place, PlaceKind
from cimic_portal.core.ordering import By

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _within(rows: QuerySet[Any], pcode: str, _person: Person) -> QuerySet[Any]:
    return rows.filter(area__in=Area.objects.within(Area.objects.get(pcode=pcode)).values("pk"))


class PlaceFilter(ListFilter):
    q = SearchFilter("name", "pcode")
    kind = OneOfFilter("kind", PlaceKind.choices, label=_("Kind"))
    within = RecordFilter("area", offered_areas, key="pcode", match=_within, label=_("Within"))


place_list = Listing(
    "places",
    Place,
    title=_("Places"),
    columns=[
        ListColumn("name", _("Name"), sort="name", width=40),
        ListColumn("kind", _("Kind"), kind="choice", value=Place.get_kind_display),
        ListColumn("area", _("Area")),
        ListColumn("mgrs", _("Grid"), value=lambda place: place.position.mgrs, minor=True),
        ListColumn("latitude", _("Latitude"), kind="decimal", on_page=False),
        ListColumn("longitude", _("Longitude"), kind="decimal", on_page=False),
        ListColumn("area.pcode", _("P-code of the area"), on_page=False),
        ListColumn("pcode", _("P-code"), on_page=False),
        ListColumn("source", _("Source"), on_page=False, width=40),
    ],
    filters=PlaceFilter,
    sorts={"name": Sort((By("name", expression=Lower("name")),), _("from A to Z"), _("from Z to A"))},
    default_sort="name",
    narrow=lambda rows, person: rows.filter(is_archived=False),
    prepare=lambda rows, person: rows.select_related("area"),
    nothing_yet=_("No places yet"),
    nothing_yet_help=_("Administrators enter places, or import them from a gazetteer."),
)
