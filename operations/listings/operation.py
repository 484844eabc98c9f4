"""The list of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch
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
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from cimic_portal.core.sharing.levels import Classification
from operations.models import Concurrence, Operation, OperationState, OperationType, Participation
from operations.policies.operation import can_draft

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _ours(rows: Any, person: Person) -> Any:
    """In which an office or organisation of the person's takes part."""
    mine = Participation.objects.visible_to(person).of_person(person).filter(operation=OuterRef("pk"))
    return rows.filter(Exists(mine))


def _asked(rows: Any, person: Person) -> Any:
    asked = Concurrence.objects.visible_to(person).asked_of(person).filter(operation=OuterRef("pk"))
    return rows.filter(Exists(asked))


class OperationFilter(ListFilter):
    q = SearchFilter("title", "purpose")
    state = OneOfFilter("state", OperationState.choices, label=_("State"))
    kind = RecordFilter("kind", lambda person: OperationType.objects.all(), label=_("Type"))
    area = AreaFilter()
    office = OfficeFilter("owner_office", label=_("Drafted by"))
    since = SinceFilter("starts_at", label=_("Begins since"))
    until = UntilFilter("starts_at", label=_("Begins until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    open = TickFilter(lambda rows, person: rows.open(), label=_("Not ended"))
    ours = TickFilter(_ours, label=_("We take part"))
    asked = TickFilter(_asked, label=_("Our answer is asked"))
    to_approve = TickFilter(
        lambda rows, person: rows.waiting_for_approval_by(person), label=_("For my approval")
    )


def _lead(operation: Any) -> str:
    return next((str(row) for row in operation.shown_participations if row.is_lead), "")


def _participants(operation: Any) -> str:
    return "; ".join(f"{row} ({row.get_role_display()})" for row in operation.shown_participations)


def _prepare(rows: Any, person: Person) -> Any:
    named = Participation.objects.visible_to(person).select_related("office", "organisation")
    taking_part = Prefetch("participations", named.order_by("pk"), to_attr="shown_participations")
    return rows.select_related("kind", "area", "approver__office").prefetch_related(taking_part)


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    further = [
        {"label": _now("Assets"), "url": reverse("assets"), "page": True},
        {"label": _now("Journals"), "url": reverse("journal"), "page": True},
    ]
    if not can_draft(person):
        return further
    return [*further, {"label": _now("Draft operation"), "url": reverse("operation_new"), "page": True}]


operation_list = Listing(
    "operations",
    Operation,
    title=_("Operations"),
    columns=[
        ListColumn("title", _("Operation"), width=50),
        ListColumn("kind", _("Type"), minor=True),
        ListColumn("lead", _("Lead"), value=_lead),
        ListColumn("area", _("Area"), minor=True),
        ListColumn("starts_at", _("Begins"), kind="moment", sort="starts"),
        ListColumn("ends_at", _("Ends"), kind="moment"),
        ListColumn("participants", _("Participants"), value=_participants, on_page=False, width=60),
        ListColumn("order_name", _("Order"), on_page=False),
        ListColumn("purpose", _("Purpose"), on_page=False, width=60),
        ListColumn("approver", _("Approves"), on_page=False),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=OperationFilter,
    sorts={"starts": Sort(("starts_at",), _("begins first on top"), _("begins last on top"))},
    default_sort="-starts",
    tabs=[
        Tab(_("Not ended"), {"open": "1"}),
        Tab(_("We take part"), {"ours": "1", "open": "1"}),
        Tab(_("Our answer is asked"), {"asked": "1"}, counted=True),
        Tab(_("For my approval"), {"to_approve": "1"}, counted=True),
    ],
    prepare=_prepare,
    actions=_actions,
    nothing_yet=_("No operations yet"),
    nothing_yet_help=_("What components and partners plan and do together stands here."),
)
