"""The list of case studies."""

from __future__ import annotations

from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import ListColumn, ListFilter, Listing, SearchFilter, Sort
from cimic_portal.core.ordering import By
from training.models import CaseStudy


class CaseFilter(ListFilter):
    q = SearchFilter("title", "mission", "country", "summary", "story", "worked", "hampered", "advice")


case_list = Listing(
    "cases",
    CaseStudy,
    title=_("Case studies"),
    columns=[
        ListColumn("title", _("Case study"), sort="title", width=50),
        ListColumn("mission", _("Mission")),
        ListColumn("country", _("Country"), minor=True),
        ListColumn("years", _("Years")),
        ListColumn("summary", _("In short"), on_page=False, width=80),
    ],
    filters=CaseFilter,
    sorts={"title": Sort((By("title", expression=Lower("title")),), _("from A to Z"), _("from Z to A"))},
    default_sort="title",
    narrow=lambda rows, person: rows.filter(is_archived=False),
    prepare=lambda rows, person: rows,
    actions=lambda person: [{"label": _now("Lessons"), "url": reverse("lessons"), "page": True}],
    nothing_yet=_("No case studies yet"),
    nothing_yet_help=_("Administrators write them; two come with the portal."),
)
