"""Training records, seats and qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from training.models import (
    Course,
    Enrolment,
    EnrolmentState,
    Qualification,
    Result,
    TrainingRecord,
    Way,
)

if TYPE_CHECKING:
    pass


class RecordListFilter(ListFilter):
    q = SearchFilter("person__family_name", "person__given_name")
    office = OfficeFilter("owner_office", label=_("Office"))


training_record_list = Listing(
    "training_records",
    TrainingRecord,
    title=_("Training records"),
    columns=[
        ListColumn("person", _("Name"), width=40),
        ListColumn("owner_office", _("Office")),
        ListColumn("component", _("Component"), value=lambda row: row.person.get_component_display()),
        ListColumn("person.languages", _("Languages"), minor=True),
        ListColumn("reference", _("Reference"), on_page=False),
        ListColumn.sharing(_("May read")),
    ],
    filters=RecordListFilter,
    sorts={
        "name": Sort(("person__family_name", "person__given_name"), _("by name"), _("by name, last on top"))
    },
    default_sort="name",
    prepare=lambda rows, person: rows.select_related("person", "owner_office"),
    nothing_yet=_("No training records that you may read"),
    nothing_yet_help=_("You read your own, those of your office, and of offices that you lead."),
)


class EnrolmentFilter(ListFilter):
    q = SearchFilter("session__course__title", "session__course__code", "record__person__family_name")
    course = RecordFilter("session__course", lambda person: Course.objects.all(), label=_("Course"))
    office = OfficeFilter("record__owner_office", label=_("Office"))
    state = OneOfFilter("state", EnrolmentState.choices, label=_("State"))
    result = OneOfFilter("result", Result.choices, label=_("Result"))
    since = SinceFilter("entered_at", label=_("Entered since"))
    until = UntilFilter("entered_at", label=_("Entered until"))
    for_me = TickFilter(lambda rows, person: rows.waiting_for(person), label=_("For my answer"))
    mine = TickFilter(lambda rows, person: rows.filter(record__person=person), label=_("My own"))


enrolment_list = Listing(
    "enrolments",
    Enrolment,
    title=_("Seats"),
    columns=[
        ListColumn("session.course", _("Course"), width=50),
        ListColumn("record.person", _("Name"), width=40),
        ListColumn("record.owner_office", _("Office"), minor=True),
        ListColumn("session.starts_at", _("Begins"), kind="moment"),
        ListColumn("entered_at", _("Entered"), kind="moment", sort="entered"),
        ListColumn("approver", _("Answers for the office"), on_page=False),
        ListColumn("score", _("Per cent"), kind="integer", on_page=False),
        ListColumn("reason", _("Reason"), on_page=False),
        ListColumn.choice("result", _("Result"), minor=True),
        ListColumn("state", _("State"), kind="choice", value=lambda row: row.state_words, cell="state"),
    ],
    filters=EnrolmentFilter,
    sorts={"entered": Sort(("entered_at",), _("entered first on top"), _("entered last on top"))},
    default_sort="-entered",
    tabs=[
        Tab(_("For my answer"), {"for_me": "1"}, counted=True),
        Tab(_("My own"), {"mine": "1"}),
        Tab(_("On the waiting list"), {"state": EnrolmentState.WAITING}),
    ],
    prepare=lambda rows, person: rows.select_related(
        "record__person", "record__owner_office", "session__course", "approver__office"
    ),
    nothing_yet=_("No seats that you may know of"),
    nothing_yet_help=_("Open a session and ask for a seat, or enter somebody of your office."),
)


class QualificationFilter(ListFilter):
    q = SearchFilter("course__title", "course__code", "record__person__family_name", "authority", "code")
    course = RecordFilter("course", lambda person: Course.objects.all(), label=_("Course"))
    office = OfficeFilter("record__owner_office", label=_("Office"))
    way = OneOfFilter("way", Way.choices, label=_("How"))
    since = SinceFilter("issued_on", of_days=True, label=_("Issued since"))
    until = UntilFilter("expires_on", of_days=True, label=_("Expires until"))
    valid = TickFilter(lambda rows, person: rows.current(), label=_("Valid now"))
    soon = TickFilter(lambda rows, person: rows.expiring(90), label=_("Expires in 90 days"))
    to_confirm = TickFilter(lambda rows, person: rows.to_confirm(), label=_("To be confirmed"))
    for_me = TickFilter(
        lambda rows, person: rows.confirmed_by_office_of(person), label=_("For me to confirm")
    )


qualification_list = Listing(
    "qualifications",
    Qualification,
    title=_("Qualifications"),
    columns=[
        ListColumn("record.person", _("Name"), width=40),
        ListColumn("course", _("Course"), width=50),
        ListColumn("record.owner_office", _("Office"), minor=True),
        ListColumn("issued_on", _("Issued"), kind="date", sort="issued"),
        ListColumn("expires_on", _("Valid until"), kind="date"),
        ListColumn("authority", _("Issued by"), on_page=False),
        ListColumn.choice("way", _("How"), on_page=False),
        ListColumn("code", _("Code"), on_page=False),
        ListColumn(
            "state", _("State"), kind="choice", value=lambda row: row.get_state_display(), cell="state"
        ),
    ],
    filters=QualificationFilter,
    sorts={"issued": Sort(("issued_on",), _("issued first on top"), _("issued last on top"))},
    default_sort="-issued",
    tabs=[
        Tab(_("Valid"), {"valid": "1"}),
        Tab(_("Expire in 90 days"), {"soon": "1"}),
        Tab(_("For me to confirm"), {"for_me": "1"}, counted=True),
    ],
    prepare=lambda rows, person: rows.select_related("record__person", "record__owner_office", "course"),
    nothing_yet=_("No qualifications that you may read"),
    nothing_yet_help=_("What was passed in a session or a module, or before the mission, stands here."),
)
