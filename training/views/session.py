"""Pages of sessions: the calendar, one with its seats, planning."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.months import DAY, month_after, month_of, weeks_of
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, perform, shown_version
from training.forms.course import NominateForm, SessionForm
from training.models import Course, Enrolment, EnrolmentState, Session, SessionState
from training.policies import course as policies
from training.reports.session_calendar import CALENDAR_TYPE, calendar_of
from training.services import enrolment as seats
from training.services import session as services
from training.services.seats import no_seat_for_who_came
from training.views.seats import seat_actions

FIELDS = ("starts_at", "ends_at", "seats", "place", "room", "trainer", "language", "note")
MOVED = ("starts_at", "ends_at", "place_id", "room")


def _asked(session: Session, *, actor: Any, version: int) -> Enrolment:
    return seats.ask_for_seat(session, actor=actor)


def _asking(_person: Any, session: Session) -> dict[str, Any]:
    """What asking leads to, as the seats are now."""
    return {"notes": [_full(session)] if session.left < 1 else []}


def _entering(_person: Any, session: Session) -> dict[str, Any]:
    """What entering somebody leads to, before it begins and afterwards."""
    if session.has_begun:
        words = _("It has begun: enter who came without a seat, then mark how it went.")
        return {"text": words, "notes": [no_seat_for_who_came()] if session.left < 1 else []}
    words = _("Where no seat is left, they stand on the waiting list and move up by themselves.")
    return {"text": words, "notes": [_full(session)] if session.left < 1 else []}


def _full(session: Session) -> str:
    """That no seat is left, and how many wait before."""
    words = ngettext(
        "No seat is left: the way is onto the waiting list, after %(count)d who waits already.",
        "No seat is left: the way is onto the waiting list, after %(count)d who wait already.",
        session.waiting,
    )
    if not session.waiting:
        words = _("No seat is left: the way is onto the waiting list, which is empty as yet.")
    return words % {"count": session.waiting}


def _nominated(session: Session, *, actor: Any, version: int, person: Any) -> Enrolment:
    return seats.nominate(session, person, actor=actor)


SESSION_VERBS = [
    Verb(
        name="ask",
        label=gettext_lazy("Ask for a seat"),
        policy=policies.can_ask_for_seat,
        run=_asked,
        states=(SessionState.PLANNED,),
        text=gettext_lazy(
            "Your office is asked whether you can go, or, where nobody there can answer, the office that "
            "gives the course. It counts once it was agreed to."
        ),
        done=gettext_lazy("Asked. You are told the answer."),
        context=_asking,
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="nominate",
        label=gettext_lazy("Enter somebody"),
        policy=policies.can_nominate,
        run=_nominated,
        states=(SessionState.PLANNED,),
        done=gettext_lazy("Entered."),
        form=NominateForm,
        context=_entering,
        needs_person=True,
        if_allowed=True,
    ),
    Verb(
        name="close",
        label=gettext_lazy("Close the results"),
        policy=policies.can_mark,
        run=services.close_results,
        states=(SessionState.PLANNED,),
        text=gettext_lazy(
            "Whoever passed gets the certificate and is told. Results cannot be changed afterwards."
        ),
        done=gettext_lazy("Results closed."),
        if_allowed=True,
    ),
    Verb(
        name="cancel",
        label=gettext_lazy("Cancel the session"),
        policy=policies.can_change_session,
        run=services.cancel_session,
        states=(SessionState.PLANNED,),
        text=gettext_lazy("Everybody on its lists is told, with your reason."),
        done=gettext_lazy("Session cancelled."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]


def fetch(pk: int) -> Session:
    rows = Session.objects.select_related("course__office", "place", "trainer")
    return get_object_or_404(rows, pk=pk)


def session_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: when and where, what seats are left, and those on its lists whom the reader may know."""
    person: Any = request.user
    session = fetch(pk)
    rows = list(
        Enrolment.objects.visible_to(person)
        .filter(session=session)
        .select_related("record__person", "record__owner_office", "approver__office")
        .order_by("entered_at", "pk")
    )
    log_read(person, "session", [row.record for row in rows])
    for row in rows:
        row.session = session
        row.actions = seat_actions(person, row)  # type: ignore[attr-defined]
    actions = offered(SESSION_VERBS, person, session)
    if policies.can_mark(person, session):
        mark = {"label": _("Mark who came"), "url": f"{session.get_absolute_url()}marks/", "page": True}
        actions.insert(0, mark | {"primary": True})
    if policies.can_change_session(person, session):
        actions.append({"label": _("Change"), "url": f"{session.get_absolute_url()}edit/", "page": True})
    gone = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN)
    queue = (EnrolmentState.ASKED, EnrolmentState.WAITING)
    own = (row for row in rows if row.record.person_id == person.pk and row.state not in gone)
    context = {
        "title": session.course.title,
        "session": session,
        "actions": actions,
        "mine": next(own, None),
        "seated": [row for row in rows if row.state not in (*gone, *queue)],
        "asked": [row for row in rows if row.state in queue],
        "left": [row for row in rows if row.state in gone],
        "page_classification": max((row.record.classification for row in rows), default=1),
    }
    return render(request, "training/session/detail.html", context)


@require_GET
def session_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """One session for a calendar program."""
    session = fetch(pk)
    name = f"{session.course.code}-{timezone.localdate(session.starts_at):%Y-%m-%d}.ics"
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    return HttpResponse(calendar_of([(session, None)]), content_type=CALENDAR_TYPE, headers=headers)


def session_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a session of a course."""
    person: Any = request.user
    course = get_object_or_404(Course.objects.visible_to(person).select_related("office"), code=code)
    require(policies.can_plan_session(person, course))
    form = SessionForm(request.POST or None)
    made = saved(
        request,
        form,
        lambda: services.plan_session(course, form.input(), actor=person),
        _("Session planned. It stands in the calendar."),
    )
    if made:
        return redirect(made.get_absolute_url())
    return _form_page(
        request, form, title=_("Plan a session"), sub=str(course), cancel_url=course.get_absolute_url()
    )


def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change when, where, by whom, for how many."""
    person: Any = request.user
    session = fetch(pk)
    require(policies.can_change_session(person, session))
    form = SessionForm(request.POST or None, initial={name: getattr(session, name) for name in FIELDS})
    done = saved(
        request,
        form,
        lambda: services.change_session(session, form.input(), actor=person, version=shown_version(request)),
        lambda row: _changed(session, row),
    )
    if done:
        return redirect(session.get_absolute_url())
    return _form_page(
        request,
        form,
        title=_("Change the session"),
        sub=str(session.course),
        cancel_url=session.get_absolute_url(),
        version=session.version,
    )


def _changed(before: Session, after: Session) -> str:
    """What the change led to: who is told of what, and who moved up."""
    told = [_("Session changed.")]
    if any(getattr(before, name) != getattr(after, name) for name in MOVED):
        told.append(_("Those enrolled are told of another time or place."))
    if before.waiting > after.waiting:
        words = ngettext(
            "%(count)d moved up from the waiting list and is told.",
            "%(count)d moved up from the waiting list and are told.",
            before.waiting - after.waiting,
        )
        told.append(words % {"count": before.waiting - after.waiting})
    return " ".join(told)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    context |= {
        "form": form,
        "form_actions": [{"label": _("Save"), "primary": True}],
        "page_classification": 1,
    }
    return render(request, "training/session/form.html", context, status=form_status(request))


def session_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Ask for a seat, enter somebody, close the results, cancel."""
    return perform(request, fetch(pk), SESSION_VERBS, verb)  # type: ignore[arg-type]


@require_GET
def session_calendar(request: HttpRequest) -> HttpResponse:
    """One month of sessions."""
    first = month_of(request.GET.get("month", ""))
    after = month_after(first)
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, after))
    rows = list(
        Session.objects.filter(starts_at__lt=end, ends_at__gte=start)
        .exclude(state=SessionState.CANCELLED)
        .select_related("course", "place")
        .order_by("starts_at", "pk")
    )
    address = reverse("session_calendar")
    context = {
        "title": _("Calendar of sessions"),
        "month": format_date(first, "F Y"),
        "weeks": [[_cell(day, rows) for day in week] for week in weeks_of(first)],
        "sessions": rows,
        "earlier_url": f"{address}?month={(first - DAY):%Y-%m}",
        "later_url": f"{address}?month={after:%Y-%m}",
        "today": timezone.localdate(),
        "feed": f"{settings.PORTAL_URL.rstrip('/')}{reverse('api:calendar_feed')}",
        "page_classification": 1,
    }
    return render(request, "training/session/calendar.html", context)


def _cell(day: date | None, rows: list[Session]) -> dict[str, Any]:
    """One day with its sessions; an empty one is of another month."""
    if day is None:
        return {"day": None, "sessions": []}
    on = [row for row in rows if timezone.localdate(row.starts_at) <= day <= timezone.localdate(row.ends_at)]
    return {"day": day, "sessions": on}
