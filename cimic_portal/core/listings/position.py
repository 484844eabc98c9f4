"""The list of positions: who is who, by post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    OrganisationFilter,
    SearchFilter,
    Sort,
    TickFilter,
)
from cimic_portal.core.models import Holding, Position
from cimic_portal.core.ordering import By
from cimic_portal.core.querysets import current
from cimic_portal.core.sharing.levels import Component

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class PositionFilter(ListFilter):
    q = SearchFilter("title", "office__name", "office__short_name")
    organisation = OrganisationFilter("office__organisation")
    office = OfficeFilter("office")
    component = OneOfFilter("office__component", Component.choices, label=_("Component"))
    heads = TickFilter(lambda rows, person: rows.filter(is_head=True), label=_("Heads of offices"))


def _prepared(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    holders = Holding.objects.filter(current(), person__is_active=True).select_related("person")
    return rows.select_related("office__organisation").prefetch_related(
        Prefetch("holdings", queryset=holders, to_attr="current_holdings")
    )


def holders_of(position: Any) -> str:
    """Who holds a prepared position now, in words."""
    return ", ".join(str(holding.person) for holding in position.current_holdings)


position_list = Listing(
    "positions",
    Position,
    title=_("Who is who"),
    columns=[
        ListColumn("title", _("Position"), sort="title", width=40),
        ListColumn("holders", _("Held by"), value=holders_of),
        ListColumn("office.name", _("Office"), sort="office"),
        ListColumn("office.organisation", _("Organisation"), minor=True),
        ListColumn(
            "component",
            _("Component"),
            kind="choice",
            cell="component",
            value=lambda position: str(Component(position.component).label),
        ),
    ],
    filters=PositionFilter,
    sorts={
        "title": Sort((By("title", expression=Lower("title")),), _("from A to Z"), _("from Z to A")),
        "office": Sort(("office__name", "title"), _("by office"), _("by office, from the end")),
    },
    default_sort="office",
    narrow=lambda rows, person: rows.filter(is_archived=False, office__closed_on__isnull=True),
    prepare=_prepared,
    nothing_yet=_("No positions yet"),
    nothing_yet_help=_("Administrators enter the positions of each office and who holds them."),
)
