"""The register of guidance, and the register of who has acknowledged it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
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
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from cimic_portal.core.sharing.levels import Classification
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceKind,
    GuidanceState,
    LessonTheme,
)
from training.policies.guidance import can_write

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class TextSearchFilter(SearchFilter):
    """Words, each of which must stand in title, number or the text in force that the reader sees."""

    def filter(self, qs: Any, value: str) -> Any:
        for word in value.split() if value else ():
            qs = qs.holding(word, self.parent.reader.person)
        return qs


class GuidanceFilter(ListFilter):
    q = TextSearchFilter()
    kind = RecordFilter("kind", lambda person: GuidanceKind.objects.all(), label=_("Kind"))
    theme = RecordFilter("theme", lambda person: LessonTheme.objects.all(), label=_("Theme"))
    state = OneOfFilter("state", GuidanceState.choices, label=_("State"))
    office = OfficeFilter("owner_office", label=_("Kept by"))
    since = SinceFilter("in_force_since", label=_("In force since"))
    until = UntilFilter("review_due_on", label=_("Review due until"))
    classification = OneOfFilter("classification", Classification.choices, label=_("Classification"))
    in_review = TickFilter(
        lambda rows, person: rows.with_open_version(person), label=_("A version is being written or reviewed")
    )
    review_overdue = TickFilter(lambda rows, person: rows.review_overdue(), label=_("Review overdue"))
    to_acknowledge = TickFilter(
        lambda rows, person: rows.to_acknowledge_by(person), label=_("For me to acknowledge")
    )


def _actions(person: Person) -> Sequence[Mapping[str, object]]:
    actions: list[Mapping[str, object]] = [
        {"label": _now("Acknowledgements"), "url": reverse("guidance_acknowledgements"), "page": True}
    ]
    if can_write(person):
        actions.append({"label": _now("Write guidance"), "url": reverse("guidance_write"), "page": True})
    return actions


def _review_due(guidance: Guidance) -> object:
    """What was withdrawn is not reviewed any more."""
    return guidance.review_due_on if guidance.is_in_force else None


guidance_list = Listing(
    "guidance_register",
    Guidance,
    title=_("Guidance"),
    columns=[
        ListColumn("title", _("Title"), width=60, sort="title"),
        ListColumn("number", _("Number"), cell="short", minor=True),
        ListColumn("kind", _("Kind"), minor=True),
        ListColumn("theme", _("Theme"), on_page=False),
        ListColumn("owner_office", _("Kept by"), minor=True),
        ListColumn("owner", _("Kept right by"), on_page=False),
        ListColumn("in_force_number", _("Version"), kind="integer", named=True),
        ListColumn("in_force_since", _("In force since"), kind="date", named=True),
        ListColumn("review_due_on", _("Review due"), kind="date", value=_review_due, named=True),
        ListColumn("approver", _("Brought into force by"), on_page=False),
        ListColumn("review_months", _("Reviewed every (months)"), kind="integer", on_page=False),
        ListColumn("reviewed_on", _("Reviewed, still right"), kind="date", on_page=False),
        ListColumn("acknowledge_days", _("Days to acknowledge"), kind="integer", on_page=False),
        ListColumn("state_reason", _("Reason"), on_page=False, width=60),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
        ListColumn.state(_("State")),
    ],
    filters=GuidanceFilter,
    sorts={
        "title": Sort(("title",), _("by title"), _("by title, from the end")),
        "written": Sort(("created_at",), _("oldest on top"), _("newest on top")),
    },
    default_sort="title",
    tabs=[
        Tab(_("In force"), {"state": GuidanceState.IN_FORCE}),
        Tab(_("In review"), {"in_review": "1"}, counted=True),
        Tab(_("Review overdue"), {"review_overdue": "1"}, counted=True),
        Tab(_("For me to acknowledge"), {"to_acknowledge": "1"}, counted=True),
    ],
    prepare=lambda rows, person: rows.select_related(
        "kind", "theme", "owner_office", "owner__office", "approver__office"
    ),
    actions=_actions,
    nothing_yet=_("No guidance yet"),
    nothing_yet_help=_("Policies, procedures and frameworks stand here once they are in force."),
)


class AcknowledgementFilter(ListFilter):
    guidance = RecordFilter(
        "version__guidance",
        lambda person: Guidance.objects.visible_to(person).in_force().order_by("title", "pk"),
        label=_("Guidance"),
        key="reference",
        beyond=lambda person: Guidance.objects.visible_to(person).order_by("title", "pk"),
    )
    office = OfficeFilter("office", label=_("Office"))
    since = SinceFilter("due_on", label=_("Due since"))
    until = UntilFilter("due_on", label=_("Due until"))
    counting = TickFilter(lambda rows, person: rows.counting(), label=_("Of what is in force"))
    missing = TickFilter(lambda rows, person: rows.pending(), label=_("Not yet acknowledged"))
    overdue = TickFilter(lambda rows, person: rows.overdue(), label=_("Overdue"))
    mine = TickFilter(lambda rows, person: rows.filter(person=person), label=_("My own"))


def _guidance(row: GuidanceAcknowledgement) -> Guidance:
    return row.version.guidance


def _state(row: GuidanceAcknowledgement) -> str:
    return _now("Overdue") if row.is_overdue else row.get_state_display()


def _named(rows: QuerySet[Any], person: Person) -> QuerySet[Any]:
    return rows.select_related("version__guidance", "person", "position__office", "office")


acknowledgement_list = Listing(
    "guidance_acknowledgements",
    GuidanceAcknowledgement,
    title=_("Acknowledgements of guidance"),
    columns=[
        ListColumn("guidance", _("Guidance"), value=_guidance, width=60),
        ListColumn("number", _("Version"), kind="integer", value=lambda row: row.version.number, named=True),
        ListColumn("person", _("Person")),
        ListColumn("position", _("Position"), minor=True),
        ListColumn("office", _("Office"), on_page=False),
        ListColumn("asked_at", _("Asked"), kind="moment", on_page=False),
        ListColumn("due_on", _("By when"), kind="date", sort="due", named=True),
        ListColumn("acknowledged_at", _("Acknowledged"), kind="moment", named=True),
        ListColumn("words", _("Signed words"), on_page=False, width=60),
        ListColumn("state", _("State"), kind="choice", cell="state", value=_state),
    ],
    filters=AcknowledgementFilter,
    sorts={"due": Sort(("due_on",), _("due first on top"), _("due last on top"))},
    default_sort="-due",
    tabs=[
        Tab(_("My own"), {"mine": "1"}),
        Tab(_("Not yet acknowledged"), {"missing": "1"}, counted=True),
        Tab(_("Overdue"), {"overdue": "1"}, counted=True),
    ],
    prepare=_named,
    nothing_yet=_("Nobody is asked yet"),
    nothing_yet_help=_(
        "Who must acknowledge a document is named in its facts. You see your own, those of the people you "
        "lead, and those of documents that your office keeps."
    ),
)
