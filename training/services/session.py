"""Verbs on sessions: plan, change, cancel, mark who came, close the results."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person, Place
from cimic_portal.core.policies import require
from cimic_portal.core.services.verbs import need_reason, verb
from training.models import OPEN_ENROLMENTS, Enrolment, EnrolmentState, Result, Session, SessionState
from training.policies import course as policies
from training.services.qualification import award
from training.services.seats import WHY, fill, lock_session, overlapping, period, tell_of_seat

if TYPE_CHECKING:
    from training.models import Course
    from training.querysets.record import EnrolmentQuerySet

LONGEST = timedelta(days=120)
# Beyond this a year was mistyped.
FARTHEST = timedelta(days=2 * 366)
SHOWN = 5
_FULL = 100


@dataclass(frozen=True)
class SessionInput:
    """What one form says about a session. Times are instants."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    place: Place | None = None
    room: str = ""
    trainer: Person | None = None
    language: str = ""
    note: str = ""

    def write(self, session: Session) -> None:
        for name in ("starts_at", "ends_at", "seats", "place", "trainer"):
            setattr(session, name, getattr(self, name))
        for name in ("room", "language", "note"):
            setattr(session, name, getattr(self, name).strip())


def plan_session(course: Course, data: SessionInput, *, actor: Person) -> Session:
    """Plan a session of the course. Raises RefusedError, InvalidError."""
    require(policies.can_plan_session(actor, course))
    with verb("session.plan", actor=actor):
        problems = _problems(data) or _clashes(data)
        if data.starts_at <= timezone.now():
            problems.setdefault("starts_at", [_("This time has passed.")])
        if problems:
            raise InvalidError(problems)
        session = Session(course=course)
        data.write(session)
        session.save()
        return session


def _problems(data: SessionInput) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if data.ends_at <= data.starts_at:
        problems["ends_at"] = [_("It would end before it begins.")]
    elif data.ends_at - data.starts_at > LONGEST:
        problems["ends_at"] = [_("It would last longer than four months. Check the year.")]
    if abs(data.starts_at - timezone.now()) > FARTHEST:
        problems["starts_at"] = [_("This lies more than two years away. Check the year.")]
    if data.place is None and not data.room.strip():
        problems["room"] = [_("Say where it is held: a place, a room, or a link.")]
    return problems


def _clashes(data: SessionInput, session: Session | None = None) -> dict[str, list[str]]:
    """Another session then, by the same trainer or in the same room. A place has several rooms.

    Holds the place and the trainer for the transaction: who plans with them meanwhile asks afterwards.
    """
    if data.place:
        Place.objects.select_for_update(no_key=True).get(pk=data.place.pk)
    if data.trainer:
        Person.objects.select_for_update(no_key=True).get(pk=data.trainer.pk)
    rows = Session.objects.filter(
        state=SessionState.PLANNED, starts_at__lt=data.ends_at, ends_at__gt=data.starts_at
    ).select_related("course")
    if session is not None:
        rows = rows.exclude(pk=session.pk)
    problems = {}
    other = rows.filter(trainer=data.trainer).first() if data.trainer else None
    if other is not None:
        words = _("%(trainer)s holds another session then: %(session)s.")
        problems["trainer"] = [words % {"trainer": data.trainer, "session": other}]
    other = rows.filter(place=data.place, room__iexact=data.room.strip()).first() if data.place else None
    if other is not None:
        words = _("It is taken then by %(session)s. Choose another place, or name another room of it.")
        problems["place"] = [words % {"session": other}]
    return problems


def change_session(session: Session, data: SessionInput, *, actor: Person, version: int) -> Session:
    """Change when, where, by whom, for how many; those enrolled are told of another time or place.

    Raises RefusedError, InvalidError, StaleError.
    """
    with verb("session.change", actor=actor):
        current = lock_session(session, version)
        require(policies.can_change_session(actor, current))
        problems = _problems(data)
        if data.seats < current.taken:
            words = ngettext(
                "%(count)d seat is taken already.", "%(count)d seats are taken already.", current.taken
            )
            problems["seats"] = [words % {"count": current.taken}]
        moved = (data.starts_at, data.ends_at) != (current.starts_at, current.ends_at)
        told = moved or (data.place, data.room.strip()) != (current.place, current.room)
        if moved and not problems:
            problems |= _who_cannot(current, data)
        # What stood before is not held against a change of something else.
        if told or data.trainer != current.trainer:
            problems |= _clashes(data, current)
        if problems:
            raise InvalidError(problems)
        data.write(current)
        current.version += 1
        current.save()
        rows = _rows(current)
        if moved:
            rows.filter(state__in=OPEN_ENROLMENTS).update(during=period(current))
        if told:
            _tell(current, "session.changed", actor)
        fill(current)
        return current


def _who_cannot(session: Session, data: SessionInput) -> dict[str, list[str]]:
    """Those with a seat who sit elsewhere at the new time."""
    rows = _rows(session).filter(state=EnrolmentState.ENROLLED).select_related("record__person")
    busy = []
    for row in rows:
        other = overlapping(row.record, data.starts_at, data.ends_at)
        if other is not None and other.session_id != session.pk:
            busy.append(str(row.record))
    if not busy:
        return {}
    words = _("They have a seat elsewhere at that time: %(people)s.")
    return {"starts_at": [words % {"people": ", ".join(busy[:SHOWN])}]}


def cancel_session(session: Session, *, actor: Person, version: int, reason: str) -> Session:
    """Cancel it, with the reason; everybody on its lists is told. Raises RefusedError, StaleError."""
    need_reason(reason, _("Say why it is cancelled."))
    with verb("session.cancel", actor=actor, reason=reason):
        current = lock_session(session, version)
        require(policies.can_change_session(actor, current))
        _tell(current, "session.cancelled", actor)
        _rows(current).filter(state__in=OPEN_ENROLMENTS).update(state=EnrolmentState.WITHDRAWN, reason=reason)
        current.state, current.state_reason = SessionState.CANCELLED, reason
        current.taken = current.waiting = 0
        current.version += 1
        current.save()
        return current


@dataclass(frozen=True)
class Mark:
    """What is said about one person of the session: whether they came, and how it went."""

    enrolment: int
    attended: bool
    result: str = ""
    score: int | None = None


def mark_results(session: Session, marks: Collection[Mark], *, actor: Person, version: int) -> Session:
    """Say who came and how it went, for some or all; until the results are closed it can be said anew.

    All or nothing: problems stand at `<enrolment>`. Raises RefusedError, InvalidError, StaleError.
    """
    with verb("session.mark", actor=actor):
        current = lock_session(session, version)
        require(policies.can_mark(actor, current))
        rows = seated_rows(current, lock=True)
        others = policies.deputised_for(actor, current)
        problems = {
            str(mark.enrolment): lines
            for mark in marks
            if (lines := mark_problems(current, rows, mark, actor, others))
        }
        if problems:
            raise InvalidError(problems)
        for mark in marks:
            row = rows[mark.enrolment]
            row.state = EnrolmentState.ATTENDED if mark.attended else EnrolmentState.ABSENT
            row.result, row.score = mark.result, mark.score
            row.version += 1
        _free_seats_of_absent(current, rows.values())
        Enrolment.objects.unscoped(WHY).bulk_update(
            [rows[mark.enrolment] for mark in marks], ["state", "result", "score", "version"]
        )
        current.version += 1
        current.save(update_fields=["version", "taken"])
        return current


def _free_seats_of_absent(session: Session, rows: Iterable[Enrolment]) -> None:
    """Count the seats without those who were absent: somebody who came without one may sit there.

    Raises InvalidError where more would have come than there are seats.
    """
    session.taken = sum(row.state != EnrolmentState.ABSENT for row in rows)
    if session.left < 0:
        words = _("%(came)d came or may come, to %(seats)d seats. Raise the seats of the session first.")
        raise InvalidError({"": [words % {"came": session.taken, "seats": session.seats}]})


def seated_rows(session: Session, *, lock: bool = False) -> dict[int, Enrolment]:
    """Those with a seat, by the number of their enrolment, marked or not."""
    seated = (EnrolmentState.ENROLLED, EnrolmentState.ATTENDED, EnrolmentState.ABSENT)
    found = _rows(session).filter(state__in=seated).select_related("record__person", "record__owner_office")
    if lock:
        found = found.select_for_update(of=("self",))
    return {row.pk: row for row in found}


def mark_problems(
    session: Session, rows: dict[int, Enrolment], mark: Mark, actor: Person, deputised_for: Collection[int]
) -> list[str]:
    """Why one cannot be marked so. `deputised_for`: as the policy of that name says."""
    row = rows.get(mark.enrolment)
    if row is None:
        return [_("This person has no seat in this session.")]
    problems = []
    if row.record.person_id == actor.pk:
        problems.append(_("Nobody marks themselves. Somebody else of your office does."))
    if row.record.person_id in deputised_for:
        problems.append(_("You deputise for them. Somebody else of the office marks them."))
    if not mark.attended and (mark.result or mark.score is not None):
        problems.append(_("Who was absent has no result."))
    if mark.score is not None and mark.score > _FULL:
        problems.append(_("A score lies between 0 and 100 per cent."))
    elif _contradicts(mark, session.course.pass_score):
        problems.append(_("Passed is %(needed)d per cent or more.") % {"needed": session.course.pass_score})
    return problems


def _contradicts(mark: Mark, needed: int | None) -> bool:
    """Whether the result says another thing than the score."""
    if mark.score is None or needed is None or not mark.result:
        return False
    return (mark.score >= needed) != (mark.result == Result.PASSED)


def close_results(session: Session, *, actor: Person, version: int) -> Session:
    """Close the results: whoever passed is qualified from the last day on, and told.

    Raises RefusedError, InvalidError where somebody is not marked, StaleError.
    """
    with verb("session.close", actor=actor):
        current = lock_session(session, version)
        require(policies.can_mark(actor, current))
        if current.ends_at > timezone.now():
            raise InvalidError({"": [_("It has not ended.")]})
        rows = list(_rows(current).select_related("record__person"))
        open_ones = [row for row in rows if row.state == EnrolmentState.ENROLLED]
        open_ones += [row for row in rows if row.state == EnrolmentState.ATTENDED and not row.result]
        if open_ones:
            words = _("These have no result yet: %(people)s.")
            people = ", ".join(str(row.record) for row in open_ones[:SHOWN])
            raise InvalidError({"": [words % {"people": people}]})
        day = timezone.localdate(current.ends_at)
        for row in rows:
            if row.result == Result.PASSED:
                award(row.record.person, current.course, on=day, actor=actor, enrolment=row)
        left = (EnrolmentState.ASKED, EnrolmentState.WAITING)
        _rows(current).filter(state__in=left).update(
            state=EnrolmentState.WITHDRAWN, reason=_("The session was held without them.")
        )
        current.state, current.waiting = SessionState.HELD, 0
        current.version += 1
        current.save()
        return current


def _rows(session: Session) -> EnrolmentQuerySet:
    rows: EnrolmentQuerySet = Enrolment.objects.unscoped(WHY).filter(session=session)
    return rows


def _tell(session: Session, kind: str, actor: Person) -> None:
    """Tell everybody on the lists of the session."""
    for row in _rows(session).filter(state__in=OPEN_ENROLMENTS).select_related("record__person"):
        tell_of_seat(row, kind, actor)
