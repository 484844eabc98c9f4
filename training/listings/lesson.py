"""The library of lessons."""

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
    RecordFilter,
    SearchFilter,
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from cimic_portal.core.sharing.levels import Classification
from operations.models import OperationType
from training.models import Lesson, LessonState, LessonTheme
from training.policies.lesson import can_record

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class LessonFilter(ListFilter):
    q = SearchFilter("title", "observation", "insight", "recommendation", "action", "proof")
    theme = RecordFilter("theme", lambda person: LessonTheme.objects.all(), label=_("Theme"))
    kind = RecordFilter("kind", lambda person: OperationType.objects.all(), label=_("Type of operation"))
    area = AreaFilter()
    state = OneOfFilter("state", LessonState.choices, label=_("State"))
    office = OfficeFilter("owner_office", label=_("Kept by"))
    since = SinceFilter("created_at", label=_("Written since"))
    until = UntilFilter("created_at", label=_("Written until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    open = TickFilter(lambda rows, person: rows.open(), label=_("Not closed"))
    ours = TickFilter(lambda rows, person: rows.followed_by(person), label=_("For me to follow up"))
    to_judge = TickFilter(lambda rows, person: rows.waiting_for(person), label=_("For me to judge"))
    overdue = TickFilter(lambda rows, person: rows.overdue(), label=_("Overdue"))


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    actions: list[Mapping[str, object]] = [
        {"label": _now("Case studies"), "url": reverse("cases"), "page": True}
    ]
    if can_record(person):
        actions.append({"label": _now("Write a lesson"), "url": reverse("lesson_record"), "page": True})
    return actions


lesson_list = Listing(
    "lessons",
    Lesson,
    title=_("Lessons"),
    columns=[
        ListColumn("title", _("Lesson"), width=60),
        ListColumn("theme", _("Theme"), minor=True),
        ListColumn("kind", _("Type of operation"), on_page=False),
        ListColumn("area", _("Area")),
        ListColumn("observation", _("What was seen"), on_page=False, width=60),
        ListColumn("insight", _("What it means"), on_page=False, width=60),
        ListColumn("recommendation", _("What should be done"), on_page=False, width=60),
        ListColumn("owner", _("Followed up by"), minor=True),
        ListColumn("action", _("Action"), on_page=False, width=60),
        ListColumn("due_on", _("By when"), on_page=False),
        ListColumn("proof", _("What changed"), on_page=False, width=60),
        ListColumn("created_at", _("Written"), kind="moment", sort="written"),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=LessonFilter,
    sorts={"written": Sort(("created_at",), _("oldest on top"), _("newest on top"))},
    default_sort="-written",
    tabs=[
        Tab(_("For me to follow up"), {"ours": "1"}, counted=True),
        Tab(_("For me to judge"), {"to_judge": "1"}, counted=True),
        Tab(_("Overdue"), {"overdue": "1"}, counted=True),
        Tab(_("Learned"), {"state": "learned"}),
    ],
    prepare=lambda rows, person: rows.select_related("theme", "kind", "area", "owner__office"),
    actions=_actions,
    nothing_yet=_("No lessons yet"),
    nothing_yet_help=_("What was seen, what it means and what should be done otherwise stands here."),
)
