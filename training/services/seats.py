"""Seats of a session: taken, waited for, given up. All under the lock of the session's row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.services.notifications import notify
from training.models import Enrolment, EnrolmentState, Session
from training.services.record import open_to

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from training.models import TrainingRecord

WHY = "the seats of a session, counted whoever sits on them"


def lock_session(session: Session, version: int | None = None) -> Session:
    """The session as it stands now, locked until the transaction ends. Raises StaleError."""
    current: Session = (
        Session.objects.select_for_update(of=("self",)).select_related("course__office").get(pk=session.pk)
    )
    if version is not None and current.version != version:
        raise StaleError([_("The session was changed by somebody else.")])
    return current


def period(session: Session) -> DateTimeTZRange:
    return DateTimeTZRange(session.starts_at, session.ends_at)


def overlapping(record: TrainingRecord, since: datetime, until: datetime) -> Enrolment | None:
    """Another session in which the person has a seat at that time, or came."""
    rows = Enrolment.objects.unscoped(WHY).select_related("session__course")
    return rows.filter(
        record=record,
        state__in=(EnrolmentState.ENROLLED, EnrolmentState.ATTENDED),
        during__overlap=DateTimeTZRange(since, until),
    ).first()


def refuse_overlap(record: TrainingRecord, session: Session) -> None:
    """Raise InvalidError at `person` where they have a seat elsewhere at that time."""
    other = overlapping(record, session.starts_at, session.ends_at)
    if other is not None:
        words = _("%(person)s has a seat at that time already: %(session)s.")
        raise InvalidError({"person": [words % {"person": record, "session": other.session}]})


def refuse_twice(record: TrainingRecord, session: Session) -> None:
    """Raise InvalidError at `person` where they stand in this session already."""
    gone = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN)
    rows = Enrolment.objects.unscoped(WHY).filter(record=record, session=session).exclude(state__in=gone)
    if rows.exists():
        raise InvalidError({"person": [_("%(person)s stands on this list already.") % {"person": record}]})


def enter(
    record: TrainingRecord, session: Session, *, actor: Person, approver: Position | None = None
) -> Enrolment:
    """Write somebody down: to be answered for by `approver`, else on a seat or the waiting list."""
    refuse_twice(record, session)
    refuse_overlap(record, session)
    open_to(record, session.course.office)
    state = EnrolmentState.ASKED if approver else EnrolmentState.WAITING
    made: Enrolment = Enrolment.objects.create(
        record=record,
        session=session,
        during=period(session),
        state=state,
        approver=approver,
        nominated_by=actor,
    )
    if approver is None:
        session.waiting += 1
        session.save(update_fields=["waiting"])
        take(made, session)
    return made


def no_seat_for_who_came() -> str:
    """What there is to do where somebody came without a seat and none is left."""
    return _("No seat is left. Mark first who did not come, or raise the seats of the session.")


def enter_who_came(record: TrainingRecord, session: Session, *, actor: Person) -> Enrolment:
    """Seat somebody who came without a seat, whatever became of a question of theirs.

    Raises InvalidError at `person` where no seat is left or the person sits elsewhere at that time.
    """
    queue = (EnrolmentState.ASKED, EnrolmentState.WAITING)
    rows = Enrolment.objects.unscoped(WHY).filter(record=record, session=session, state__in=queue)
    waits = rows.select_for_update(of=("self",)).first()
    if waits is None:
        refuse_twice(record, session)
    refuse_overlap(record, session)
    if session.left < 1:
        raise InvalidError({"person": [no_seat_for_who_came()]})
    open_to(record, session.course.office)
    came = waits or Enrolment(record=record, session=session, during=period(session), nominated_by=actor)
    if waits is not None:
        came.version += 1
        session.waiting -= waits.state == EnrolmentState.WAITING
    came.state = EnrolmentState.ENROLLED
    came.save()
    session.taken += 1
    session.save(update_fields=["taken", "waiting"])
    return came


def take(enrolment: Enrolment, session: Session) -> bool:
    """Move somebody from the waiting list onto a seat, where one is free."""
    if session.taken >= session.seats:
        return False
    enrolment.state = EnrolmentState.ENROLLED
    enrolment.version += 1
    enrolment.save()
    session.taken, session.waiting = session.taken + 1, session.waiting - 1
    session.save(update_fields=["taken", "waiting"])
    return True


def leave(enrolment: Enrolment, session: Session, state: EnrolmentState, reason: str) -> None:
    """Give up a seat, a place on the waiting list, or the question; whoever waits longest moves up."""
    if enrolment.state == EnrolmentState.ENROLLED:
        session.taken -= 1
    elif enrolment.state == EnrolmentState.WAITING:
        session.waiting -= 1
    enrolment.state, enrolment.reason = state, reason
    enrolment.version += 1
    enrolment.save()
    session.save(update_fields=["taken", "waiting"])
    fill(session)


def tell_of_seat(enrolment: Enrolment, kind: str, actor: Person | None) -> None:
    """Tell the person whose seat it is, or was."""
    record = enrolment.record
    notify(record, kind, people=[record.person], actor=actor, about=[enrolment])


def fill(session: Session) -> None:
    """Give free seats to those who wait longest. Who sits elsewhere at that time keeps waiting."""
    if session.starts_at <= timezone.now() or session.taken >= session.seats or not session.waiting:
        return
    rows = Enrolment.objects.unscoped(WHY).filter(session=session, state=EnrolmentState.WAITING)
    for enrolment in rows.select_related("record__person").order_by("entered_at", "pk"):
        if session.taken >= session.seats:
            return
        if overlapping(enrolment.record, session.starts_at, session.ends_at) is None:
            take(enrolment, session)
            tell_of_seat(enrolment, "enrolment.seat", None)
