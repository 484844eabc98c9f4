"""The list of areas."""

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
from cimic_portal.core.models import Area
from cimic_portal.core.ordering import By

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

LEVELS = [("0", _("Country")), ("1", _("Level 1")), ("2", _("Level 2")), ("3", _("Level 3"))]
# Areas to choose from in a filter: countries and what lies right below them.
OFFERED_LEVEL = 1


def offered_areas(person: Person) -> QuerySet[Area]:
    return Area.objects.visible_to(person).filter(level__lte=OFFERED_LEVEL)


def _within(rows: QuerySet[Any], pcode: str, _person: Person) -> QuerySet[Any]:
    """The areas at and below the chosen one."""
    return rows.filter(pk__in=Area.objects.within(Area.objects.get(pcode=pcode)).values("pk"))


def level_words(area: Area) -> str:
    return str(_("Country")) if area.level == 0 else str(_("Level %(level)d") % {"level": area.level})


class AreaFilter(ListFilter):
    q = SearchFilter("name", "pcode", "country")
    level = OneOfFilter("level", LEVELS, label=_("Level"))
    within = RecordFilter("parent", offered_areas, key="pcode", match=_within, label=_("Within"))


area_list = Listing(
    "areas",
    Area,
    title=_("Areas"),
    columns=[
        ListColumn("name", _("Name"), sort="name", width=40),
        ListColumn("pcode", _("P-code"), sort="pcode"),
        ListColumn("level", _("Level"), value=level_words),
        ListColumn("parent", _("Part of")),
        ListColumn("country", _("Country"), minor=True),
        ListColumn("valid_from", _("Valid from"), kind="date", on_page=False),
        ListColumn("source", _("Source"), on_page=False, width=40),
    ],
    filters=AreaFilter,
    sorts={
        "pcode": Sort(("pcode",), _("by P-code, each area before its parts"), _("by P-code, from the end")),
        "name": Sort((By("name", expression=Lower("name")),), _("from A to Z"), _("from Z to A")),
    },
    default_sort="pcode",
    prepare=lambda rows, person: rows.select_related("parent"),
    nothing_yet=_("No areas yet"),
    nothing_yet_help=_("An administrator imports them from published boundary files and P-code tables."),
)
