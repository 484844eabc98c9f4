"""The list of people who hold a position now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import ListColumn, ListFilter, Listing, OneOfFilter, SearchFilter, Sort
from cimic_portal.core.models import Holding, Person
from cimic_portal.core.querysets import current
from cimic_portal.core.sharing.levels import Component

if TYPE_CHECKING:
    from collections.abc import Sequence


class PersonFilter(ListFilter):
    q = SearchFilter("family_name", "given_name")
    component = OneOfFilter("component", Component.choices, label=_("Component"))


def _posted(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    held = Holding.objects.filter(current(), person=OuterRef("pk"))
    return rows.filter(Exists(held), is_active=True)


def _prepared(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    holdings = Holding.objects.filter(current()).select_related("position__office__organisation")
    return rows.prefetch_related(Prefetch("holdings", queryset=holdings, to_attr="current_holdings"))


def positions_of(person: Any) -> Sequence[Any]:
    """The positions that a prepared person holds now."""
    return [holding.position for holding in person.current_holdings]


person_list = Listing(
    "people",
    Person,
    title=_("People"),
    columns=[
        ListColumn("name", _("Name"), value=str, sort="name", width=40),
        ListColumn("positions", _("Holds"), value=lambda person: "; ".join(map(str, positions_of(person)))),
        ListColumn.component(_("Component")),
    ],
    filters=PersonFilter,
    sorts={"name": Sort(("family_name", "given_name"), _("from A to Z"), _("from Z to A"))},
    default_sort="name",
    narrow=_posted,
    prepare=_prepared,
    nothing_yet=_("Nobody holds a position yet"),
    nothing_yet_help=_("Administrators enter people and the positions they hold."),
)
