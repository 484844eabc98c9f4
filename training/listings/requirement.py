"""The list of requirements: what is asked of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.listing import (
    ListColumn,
    ListFilter,
    Listing,
    OfficeFilter,
    OneOfFilter,
    RecordFilter,
    SearchFilter,
    Sort,
    Tab,
    TickFilter,
)
from cimic_portal.core.sharing.levels import Component
from training.models import Course, Requirement, Whom
from training.policies.requirement import can_keep_requirements

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class RequirementFilter(ListFilter):
    q = SearchFilter("course__code", "course__title", "note")
    course = RecordFilter("course", lambda person: Course.objects.all(), label=_("Course"))
    whom = OneOfFilter("whom", Whom.choices, label=_("Asked of"))
    component = OneOfFilter("component", Component.choices, label=_("Component"))
    office = OfficeFilter("office", label=_("Of the office"))
    archived = TickFilter(lambda rows, person: rows.filter(is_archived=True), label=_("Archived only"))


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_keep_requirements(person):
        return []
    return [{"label": _now("New requirement"), "url": reverse("requirement_add"), "page": True}]


requirement_list = Listing(
    "requirements",
    Requirement,
    title=_("Requirements"),
    columns=[
        ListColumn("course", _("Course"), sort="course", width=50),
        ListColumn("target_words", _("Asked of")),
        ListColumn("due_words", _("Due")),
        ListColumn("always", _("At all times"), value=lambda row: _("yes") if row.always else _("once")),
        ListColumn("note", _("Why"), minor=True, width=40),
        ListColumn(
            "state", _("State"), kind="choice", value=lambda row: row.get_state_display(), cell="state"
        ),
    ],
    filters=RequirementFilter,
    sorts={"course": Sort(("course__code",), _("from A to Z"), _("from Z to A"))},
    default_sort="course",
    prepare=lambda rows, person: rows.select_related("course", "office", "position__office", "kind"),
    actions=_actions,
    tabs=[
        Tab(_("Everybody"), {"whom": Whom.EVERYBODY}),
        Tab(_("Operations"), {"whom": Whom.OPERATION_TYPE}),
        Tab(_("Archived"), {"archived": "1"}),
    ],
    nothing_yet=_("No requirements yet"),
    nothing_yet_help=_("The training centre says here which course is asked of whom, and by when."),
)
