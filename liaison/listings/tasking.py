"""The list of liaison taskings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

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
from liaison.models import Priority, Tasking, TaskingState
from liaison.policies import can_issue

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class TaskingFilter(ListFilter):
    q = SearchFilter("title", "why", "details")
    office = OfficeFilter("assignee__office", label=_("Office tasked"))
    organisation = OrganisationFilter()
    area = AreaFilter()
    state = OneOfFilter("state", TaskingState.choices, label=_("State"))
    priority = OneOfFilter("priority", Priority.choices, label=_("Priority"))
    since = SinceFilter("due_at", label=_("Due since"))
    until = UntilFilter("due_at", label=_("Due until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    open = TickFilter(lambda rows, person: rows.open(), label=_("Open"))
    overdue = TickFilter(lambda rows, person: rows.overdue(), label=_("Overdue"))
    to_me = TickFilter(lambda rows, person: rows.tasked_to(person), label=_("For me"))
    from_us = TickFilter(
        lambda rows, person: rows.filter(owner_office__in=person.access.offices),
        label=_("Issued by my office"),
    )


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_issue(person):
        return ()
    return [{"label": _now("Issue tasking"), "url": reverse("tasking_issue"), "primary": False}]


tasking_list = Listing(
    "taskings",
    Tasking,
    title=_("Taskings"),
    columns=[
        ListColumn("title", _("What"), width=50),
        ListColumn("due_at", _("Due"), kind="moment", sort="due"),
        ListColumn("assignee", _("Tasked")),
        ListColumn("issuer", _("Issued by"), on_page=False),
        ListColumn("organisation", _("Organisation")),
        ListColumn("area", _("Area"), on_page=False),
        ListColumn.choice("priority", _("Priority"), minor=True),
        ListColumn("why", _("Why"), on_page=False, width=60),
        ListColumn("outcome", _("Outcome"), on_page=False, width=60),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=TaskingFilter,
    sorts={"due": Sort(("due_at",), _("due first on top"), _("due last on top"))},
    default_sort="-due",
    tabs=[
        Tab(_("Open"), {"open": "1"}),
        Tab(_("For me"), {"to_me": "1", "open": "1"}, counted=True),
        Tab(_("Issued by my office"), {"from_us": "1"}),
        Tab(_("Overdue"), {"overdue": "1"}, counted=True),
    ],
    prepare=lambda rows, person: rows.select_related(
        "assignee__office", "issuer__office", "organisation", "area"
    ),
    actions=_actions,
    nothing_yet=_("No taskings yet"),
    nothing_yet_help=_("What your positions are asked to do, and what you ask of others, stands here."),
)
