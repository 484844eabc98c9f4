"""The list of offices."""

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OneOfFilter,
    OrganisationFilter,
    SearchFilter,
    Sort,
)
from cimic_portal.core.models import Office
from cimic_portal.core.ordering import By
from cimic_portal.core.sharing.levels import Component


class OfficeListFilter(ListFilter):
    q = SearchFilter("name", "short_name")
    organisation = OrganisationFilter()
    component = OneOfFilter("component", Component.choices, label=_("Component"))


office_list = Listing(
    "offices",
    Office,
    title=_("Offices"),
    columns=[
        ListColumn("name", _("Name"), sort="name", width=50),
        ListColumn("short_name", _("Short name"), minor=True),
        ListColumn("organisation", _("Organisation")),
        ListColumn("parent", _("Part of"), minor=True),
        ListColumn.component(_("Component")),
    ],
    filters=OfficeListFilter,
    sorts={"name": Sort((By("name", expression=Lower("name")),), _("from A to Z"), _("from Z to A"))},
    default_sort="name",
    narrow=lambda rows, person: rows.filter(closed_on__isnull=True),
    prepare=lambda rows, person: rows.select_related("organisation", "parent"),
    nothing_yet=_("No offices yet"),
    nothing_yet_help=_("Administrators enter the offices of the mission and of its partners."),
)
