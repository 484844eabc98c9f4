"""The list of contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _now
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
    Tab,
    TickFilter,
)
from cimic_portal.core.sharing.levels import Classification
from liaison.models import Attendance, Contact
from liaison.policies import can_log

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class ContactFilter(ListFilter):
    q = SearchFilter("name", "role")
    organisation = OrganisationFilter()
    office = OfficeFilter(label=_("Entered by"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    my_office = TickFilter(
        lambda rows, person: rows.filter(owner_office__in=person.access.offices), label=_("My office")
    )


def _prepare(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    met = Attendance.objects.visible_to(person).held().filter(contact=OuterRef("pk"))
    last = met.order_by("-engagement__starts_at").values("engagement__starts_at")[:1]
    told: QuerySet[Any] = rows.annotate(met_at=Subquery(last))
    return told.select_related("organisation", "owner_office")


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_log(person):
        return ()
    return [{"label": _now("Add contact"), "url": reverse("contact_add"), "primary": False}]


contact_list = Listing(
    "contacts",
    Contact,
    title=_("Contacts"),
    columns=[
        ListColumn("name", _("Name"), value=str, sort="name", width=36),
        ListColumn("role", _("Role")),
        ListColumn("organisation", _("Organisation")),
        ListColumn("phone", _("Phone"), cell="short", minor=True),
        ListColumn("email", _("Email"), on_page=False),
        ListColumn("languages", _("Languages"), minor=True),
        ListColumn("met_at", _("Last met"), kind="moment"),
        ListColumn("owner_office", _("Entered by"), on_page=False),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
    ],
    filters=ContactFilter,
    sorts={"name": Sort(("name",), _("from A to Z"), _("from Z to A"))},
    default_sort="name",
    tabs=[Tab(_("My office"), {"my_office": "1"})],
    prepare=_prepare,
    actions=_actions,
    nothing_yet=_("No contacts yet"),
    nothing_yet_help=_("A contact is entered when it is first met, or here beforehand."),
)
