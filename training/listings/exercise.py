"""The list of exercises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
from training.models import Exercise, ExerciseForm, ExerciseState, LessonTheme
from training.policies.exercise import can_plan

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import Person


class ExerciseFilter(ListFilter):
    q = SearchFilter("title", "purpose", "scenario")
    form = OneOfFilter("form", ExerciseForm.choices, label=_("Form"))
    state = OneOfFilter("state", ExerciseState.choices, label=_("State"))
    theme = RecordFilter("theme", lambda person: LessonTheme.objects.all(), label=_("Theme"))
    kind = RecordFilter("kind", lambda person: OperationType.objects.all(), label=_("Type of operation"))
    area = AreaFilter()
    office = OfficeFilter("owner_office", label=_("Run by"))
    since = SinceFilter("starts_at", label=_("STARTEX since"))
    until = UntilFilter("starts_at", label=_("STARTEX until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    planned = TickFilter(lambda rows, person: rows.planned(), label=_("Planned"))
    running = TickFilter(lambda rows, person: rows.under_way(), label=_("Under way"))
    mine = TickFilter(lambda rows, person: rows.naming(person), label=_("I am named in it"))
    ours = TickFilter(lambda rows, person: rows.run_by(person), label=_("We run it"))


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_plan(person):
        return []
    return [{"label": _now("Plan an exercise"), "url": reverse("exercise_new"), "page": True}]


def _prepare(rows: Any, person: Person) -> QuerySet[Exercise]:
    found: QuerySet[Exercise] = rows.with_real_times()
    return found.select_related("kind", "theme", "area", "owner_office")


exercise_list = Listing(
    "exercises",
    Exercise,
    title=_("Exercises"),
    columns=[
        ListColumn("title", _("Exercise"), width=50),
        ListColumn.choice("form", _("Form")),
        ListColumn("kind", _("Type of operation"), minor=True),
        ListColumn("theme", _("Theme"), on_page=False),
        ListColumn("area", _("Area"), minor=True),
        ListColumn("owner_office", _("Run by"), minor=True),
        # On the page when it really began, as soon as it has; files tell both.
        ListColumn(
            "startex",
            _("STARTEX"),
            kind="moment",
            value=lambda row: row.began_at or row.starts_at,
            sort="starts",
            in_file=False,
        ),
        ListColumn("starts_at", _("STARTEX, planned"), kind="moment", on_page=False),
        ListColumn("ends_at", _("ENDEX, planned"), kind="moment", on_page=False),
        ListColumn("began_at", _("STARTEX"), kind="moment", on_page=False),
        ListColumn("stopped_at", _("ENDEX"), kind="moment", on_page=False),
        ListColumn("purpose", _("Purpose"), on_page=False, width=60),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=ExerciseFilter,
    sorts={"starts": Sort(("starts_at",), _("begins first on top"), _("begins last on top"))},
    default_sort="-starts",
    tabs=[
        Tab(_("Planned"), {"planned": "1"}),
        Tab(_("Running"), {"running": "1"}, counted=True),
        Tab(_("Mine"), {"mine": "1"}),
        Tab(_("We run it"), {"ours": "1"}),
    ],
    prepare=_prepare,
    actions=_actions,
    nothing_yet=_("No exercises yet"),
    nothing_yet_help=_("Table-top, simulation or in the field: what is practised together stands here."),
)
