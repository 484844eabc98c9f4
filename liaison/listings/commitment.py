"""The list of commitments: what was promised, by either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
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
from liaison.models import Commitment, CommitmentSide, CommitmentState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import Person


def _overdue(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return rows.filter(state=CommitmentState.OPEN, due_on__lt=today)


class CommitmentFilter(ListFilter):
    q = SearchFilter("what")
    side = OneOfFilter("side", CommitmentSide.choices, label=_("Who promised"))
    state = OneOfFilter("state", CommitmentState.choices, label=_("State"))
    organisation = OrganisationFilter(label=_("Other side"))
    office = OfficeFilter("engagement__owner_office")
    since = SinceFilter("due_on", of_days=True, label=_("Due since"))
    until = UntilFilter("due_on", of_days=True, label=_("Due until"))
    my_office = TickFilter(
        lambda rows, person: rows.filter(engagement__owner_office__in=person.access.offices),
        label=_("My office"),
    )
    overdue = TickFilter(_overdue, label=_("Overdue"))


_OPEN = {"state": CommitmentState.OPEN, "my_office": "1"}

commitment_list = Listing(
    "commitments",
    Commitment,
    title=_("Promises"),
    columns=[
        ListColumn("what", _("What"), width=60),
        ListColumn.choice("side", _("Who promised")),
        ListColumn("organisation", _("Other side")),
        ListColumn("due_on", _("By when"), kind="date", sort="due"),
        ListColumn("engagement", _("Promised at"), minor=True),
        ListColumn("engagement.owner_office", _("Written by"), minor=True),
        ListColumn("note", _("How it ended"), on_page=False),
        ListColumn.state(_("State")),
    ],
    filters=CommitmentFilter,
    sorts={"due": Sort(("due_on",), _("due first on top"), _("due last on top"))},
    default_sort="due",
    tabs=[
        Tab(_("Open"), {"state": CommitmentState.OPEN}),
        Tab(_("Ours, open"), {"side": CommitmentSide.OURS, **_OPEN}, counted=True),
        Tab(_("Theirs, open"), {"side": CommitmentSide.THEIRS, **_OPEN}),
        Tab(_("Overdue"), {"overdue": "1"}, counted=True),
    ],
    link=lambda row: row.engagement.get_absolute_url(),
    prepare=lambda rows, person: rows.select_related("organisation", "engagement__owner_office"),
    nothing_yet=_("No promises yet"),
    nothing_yet_help=_("A promise is recorded with the contact at which it was made."),
)
