"""The catalogue and its sessions."""

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
    SinceFilter,
    Sort,
    Tab,
    TickFilter,
    UntilFilter,
)
from training.models import (
    Course,
    CoursePhase,
    Session,
    SessionState,
)
from training.policies.course import can_keep_courses

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


class CourseFilter(ListFilter):
    q = SearchFilter("code", "title", "summary", "standard", "authority")
    phase = OneOfFilter("phase", CoursePhase.choices, label=_("Phase"))
    office = OfficeFilter("office", label=_("Given by"))
    offered = TickFilter(lambda rows, person: rows.offered(), label=_("In the catalogue"))
    ours = TickFilter(lambda rows, person: rows.given_by(person), label=_("Given by my office"))


def _course_actions(person: Person) -> Sequence[Mapping[str, object]]:
    if not can_keep_courses(person):
        return []
    return [{"label": _now("New course"), "url": reverse("course_add"), "page": True}]


course_list = Listing(
    "courses",
    Course,
    title=_("Courses"),
    columns=[
        ListColumn("title", _("Course"), width=50),
        ListColumn("code", _("Code")),
        ListColumn.choice("phase", _("Phase")),
        ListColumn("standard", _("Standard"), minor=True),
        ListColumn("edition", _("Edition"), on_page=False),
        ListColumn("validity_months", _("Valid for months"), kind="integer"),
        ListColumn("authority", _("Issued by"), minor=True),
        ListColumn("office", _("Given by"), minor=True),
        ListColumn("pass_score", _("Pass mark"), kind="integer", on_page=False),
        ListColumn("summary", _("What one can do afterwards"), on_page=False, width=60),
    ],
    filters=CourseFilter,
    sorts={"code": Sort(("code",), _("by code"), _("by code, last on top"))},
    default_sort="code",
    tabs=[
        Tab(_("In the catalogue"), {"offered": "1"}),
        Tab(_("Induction"), {"phase": CoursePhase.INDUCTION, "offered": "1"}),
        Tab(_("Given by my office"), {"ours": "1"}),
    ],
    prepare=lambda rows, person: rows.select_related("office"),
    actions=_course_actions,
    nothing_yet=_("No courses yet"),
    nothing_yet_help=_("The training centre enters the courses of the catalogue here."),
)


class SessionFilter(ListFilter):
    q = SearchFilter("course__title", "course__code", "room", "note")
    course = RecordFilter("course", lambda person: Course.objects.all(), label=_("Course"))
    state = OneOfFilter("state", SessionState.choices, label=_("State"))
    office = OfficeFilter("course__office", label=_("Given by"))
    since = SinceFilter("starts_at", label=_("Begins since"))
    until = UntilFilter("starts_at", label=_("Begins until"))
    ahead = TickFilter(lambda rows, person: rows.ahead(), label=_("Still ahead"))
    to_mark = TickFilter(
        lambda rows, person: rows.to_mark().marked_by(person), label=_("To be marked by my office")
    )


def _session_actions(person: Person) -> Sequence[Mapping[str, object]]:
    return [
        {"label": _now("Courses"), "url": reverse("courses"), "page": True},
        {"label": _now("Calendar"), "url": reverse("session_calendar"), "page": True},
    ]


session_list = Listing(
    "sessions",
    Session,
    title=_("Sessions"),
    columns=[
        ListColumn("course", _("Course"), width=50),
        ListColumn("starts_at", _("Begins"), kind="moment", sort="starts"),
        ListColumn("ends_at", _("Ends"), kind="moment", minor=True),
        ListColumn("place", _("Place"), value=lambda row: str(row.place or row.room)),
        ListColumn("left", _("Seats left"), kind="integer"),
        ListColumn("seats", _("Seats"), kind="integer", on_page=False),
        ListColumn("waiting", _("Waiting"), kind="integer", minor=True),
        ListColumn("trainer", _("Trainer"), on_page=False),
        ListColumn("language", _("Language"), on_page=False),
        ListColumn.state(_("State")),
    ],
    filters=SessionFilter,
    sorts={"starts": Sort(("starts_at",), _("begins first on top"), _("begins last on top"))},
    default_sort="-starts",
    tabs=[
        Tab(_("Ahead"), {"ahead": "1", "sort": "starts"}),
        Tab(_("To be marked"), {"to_mark": "1"}, counted=True),
    ],
    prepare=lambda rows, person: rows.select_related("course", "place", "trainer"),
    actions=_session_actions,
    nothing_yet=_("No sessions yet"),
    nothing_yet_help=_("The office that gives a course plans its sessions on the page of the course."),
)
