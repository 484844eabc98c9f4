"""The list of organisations."""

from collections.abc import Mapping, Sequence

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import ListColumn, ListFilter, Listing, OneOfFilter, SearchFilter, Sort, Tab
from cimic_portal.core.models import Organisation, OrganisationKind, Person
from cimic_portal.core.ordering import By
from cimic_portal.core.policies import can_keep_organisations
from cimic_portal.core.sharing.levels import Component


class OrganisationFilter(ListFilter):
    q = SearchFilter("name", "short_name")
    kind = OneOfFilter("kind", OrganisationKind.choices, label=_("Kind"))
    component = OneOfFilter("component", Component.choices, label=_("Component"))


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_keep_organisations(person):
        return []
    return [{"label": _("New organisation"), "url": reverse("organisation_add"), "page": True}]


organisation_list = Listing(
    "organisations",
    Organisation,
    title=_("Organisations"),
    columns=[
        ListColumn("name", _("Name"), sort="name", width=50),
        ListColumn("short_name", _("Short name"), minor=True),
        ListColumn.choice("kind", _("Kind")),
        ListColumn.component(_("Component")),
        ListColumn("phone", _("Phone"), on_page=False),
        ListColumn("email", _("Email"), on_page=False),
        ListColumn("website", _("Website"), on_page=False),
    ],
    filters=OrganisationFilter,
    sorts={
        "name": Sort((By("name", expression=Lower("name")),), _("from A to Z"), _("from Z to A")),
    },
    default_sort="name",
    actions=_actions,
    tabs=[Tab(_("Authorities"), {"kind": OrganisationKind.AUTHORITY})],
    narrow=lambda rows, person: rows.filter(is_archived=False),
    nothing_yet=_("No organisations yet"),
    nothing_yet_help=_("An organisation is entered with the first contact that names it."),
)
