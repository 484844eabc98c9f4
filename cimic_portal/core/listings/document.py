"""The list of documents that the portal made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
    WithinFilter,
)
from cimic_portal.core.makers import all_makers
from cimic_portal.core.models import Document, DocumentState
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _ways_to_make(_person: Person) -> list[dict[str, Any]]:
    """A button for each report that has a page on which one asks for it."""
    return [
        {
            "label": _("Make %(report)s") % {"report": maker.title},
            "url": reverse(maker.route),
            "primary": place == 0,
        }
        for place, maker in enumerate(maker for maker in all_makers() if maker.route)
    ]


class DocumentFilter(ListFilter):
    q = SearchFilter("title")
    office = OfficeFilter()
    state = OneOfFilter("state", DocumentState.choices, label=_("State"))
    within = WithinFilter("created_at")
    since = SinceFilter("created_at")
    until = UntilFilter("created_at")
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    mine = TickFilter(lambda rows, person: rows.filter(author=person), label=_("Mine"))


document_list = Listing(
    "documents",
    Document,
    title=_("Documents"),
    columns=[
        ListColumn("title", _("Title"), width=60),
        ListColumn("created_at", _("Asked for"), kind="moment", sort="when"),
        ListColumn("owner_office", _("By")),
        ListColumn("form", _("Form"), value=lambda row: row.form.upper(), minor=True),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=DocumentFilter,
    sorts={"when": Sort(("id",), _("oldest first"), _("newest first"))},
    default_sort="-when",
    tabs=[Tab(_("Mine"), {"mine": "1"})],
    prepare=lambda rows, person: rows.select_related("owner_office"),
    actions=_ways_to_make,
    nothing_yet=_("No documents yet"),
    nothing_yet_help=_("Reports that you make, and those released to you, stand here."),
)
