"""The list of quick impact projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    AreaFilter,
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    OrganisationFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from cimic_portal.core.sharing.levels import Classification
from operations.models import Qip, QipState, QipVote
from operations.policies.qip import can_propose

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _my_vote(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    """Where a seat of the reader has not voted yet; never the reader's own proposals."""
    return rows.filter(Exists(QipVote.objects.visible_to(person).asked_of(person).filter(qip=OuterRef("pk"))))


class QipFilter(ListFilter):
    q = SearchFilter("title", "need", "location", "beneficiaries")
    office = OfficeFilter()
    area = AreaFilter()
    state = OneOfFilter("state", QipState.choices, label=_("State"))
    organisation = OrganisationFilter("partner", label=_("Implementing partner"))
    since = SinceFilter("submitted_at", label=_("Submitted since"))
    until = UntilFilter("submitted_at", label=_("Submitted until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    running = TickFilter(lambda rows, person: rows.running(), label=_("Approved or under way"))
    review = TickFilter(lambda rows, person: rows.in_review(), label=_("With the committee"))
    my_vote = TickFilter(_my_vote, label=_("My vote is asked for"))
    my_office = TickFilter(
        lambda rows, person: rows.filter(owner_office__in=person.access.offices), label=_("My office")
    )


def _where(row: Qip) -> str:
    return str(row.place or row.location or row.area or "")


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_propose(person):
        return ()
    return [{"label": _now("Propose a project"), "url": reverse("qip_propose"), "page": True}]


qip_list = Listing(
    "qips",
    Qip,
    title=_("Quick impact projects"),
    columns=[
        ListColumn("title", _("Project"), width=50),
        ListColumn("where", _("Where"), value=_where),
        ListColumn("partner", _("Partner")),
        ListColumn("budget", _("Budget"), kind="decimal", sort="budget"),
        ListColumn("currency", _("Currency"), cell="short"),
        ListColumn("approved_amount", _("Approved"), kind="decimal", on_page=False),
        ListColumn("owner_office", _("By"), minor=True),
        ListColumn("need", _("Need"), on_page=False, width=60),
        ListColumn("area.pcode", _("P-code"), on_page=False),
        ListColumn("latitude", _("Latitude"), kind="decimal", on_page=False),
        ListColumn("longitude", _("Longitude"), kind="decimal", on_page=False),
        ListColumn("beneficiary_count", _("People"), kind="integer", on_page=False),
        ListColumn("starts_on", _("Planned start"), kind="date", on_page=False),
        ListColumn("ends_on", _("Planned end"), kind="date", on_page=False),
        ListColumn("submitted_at", _("Submitted"), kind="moment", on_page=False),
        ListColumn("completed_on", _("Completed"), kind="date", on_page=False),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=QipFilter,
    sorts={
        "new": Sort(("id",), _("oldest first"), _("newest first")),
        "budget": Sort(("budget",), _("smallest budget first"), _("largest budget first")),
    },
    default_sort="-new",
    tabs=[
        Tab(_("My vote"), {"my_vote": "1"}, counted=True),
        Tab(_("With the committee"), {"review": "1"}),
        Tab(_("Under way"), {"running": "1"}),
        Tab(_("My office"), {"my_office": "1"}),
    ],
    prepare=lambda rows, person: rows.select_related("place", "area", "partner", "owner_office"),
    actions=_actions,
    nothing_yet=_("No quick impact projects yet"),
    nothing_yet_help=_("Propose one: small, visible help that a community asks for and that is done once."),
)
