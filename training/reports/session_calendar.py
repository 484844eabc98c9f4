"""Sessions for calendar programs (RFC 5545): the seats of one person, and what is on offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from training.models import Enrolment, EnrolmentState, Session

if TYPE_CHECKING:
    from datetime import datetime

    from cimic_portal.core.models import Person

CALENDAR_TYPE = "text/calendar; charset=utf-8"
_SHOWN = (
    EnrolmentState.ASKED,
    EnrolmentState.WAITING,
    EnrolmentState.ENROLLED,
    EnrolmentState.ATTENDED,
    EnrolmentState.ABSENT,
)
_TAKEN = (EnrolmentState.ENROLLED, EnrolmentState.ATTENDED)

# A session, and how the person whose calendar it is stands in it.
Entry = tuple[Session, Enrolment | None]


def entries_of(person: Person) -> list[Entry]:
    """The sessions in which the person stands, and those that are planned and have not begun."""
    seats = Enrolment.objects.visible_to(person).filter(record__person=person, state__in=_SHOWN)
    own = {seat.session_id: seat for seat in seats.select_related("record")}
    offered = Session.objects.visible_to(person).ahead()
    taken = Session.objects.visible_to(person).filter(pk__in=own)
    rows = (offered | taken).for_calendars().order_by("starts_at", "pk")
    return [(session, own.get(session.pk)) for session in rows]


def calendar_of(entries: Iterable[Entry]) -> bytes:
    """The calendar as a file."""
    calendar = Calendar()
    calendar.add("prodid", "-//CIMIC portal//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Training of %(mission)s") % {"mission": settings.MISSION_NAME})
    now = timezone.now()
    for session, seat in entries:
        calendar.add_component(_event(session, seat, now))
    content: bytes = calendar.to_ical()
    return content


def _event(session: Session, seat: Enrolment | None, now: datetime) -> Event:
    """A seat is busy time; what is only on offer, asked or waited for blocks nothing."""
    taken = seat is not None and seat.state in _TAKEN
    address = settings.PORTAL_URL.rstrip("/") + session.get_absolute_url()
    event = Event()
    event.add("uid", f"session-{session.pk}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("sequence", session.version)
    event.add("summary", f"{session.course} ({seat.state_words})" if seat else str(session.course))
    if session.where:
        event.add("location", session.where)
    event.add("description", "\n\n".join(filter(None, [session.note, address])))
    event.add("url", address)
    event.add("transp", "OPAQUE" if taken else "TRANSPARENT")
    event.add("status", _status(session, taken=taken))
    return event


def _status(session: Session, *, taken: bool) -> str:
    if session.state == "cancelled":
        return "CANCELLED"
    return "CONFIRMED" if taken else "TENTATIVE"
