"""Verbs on enrolments: ask for a seat, nominate, answer for the office, give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock_part, need_reason, verb
from training.models import EnrolmentState
from training.policies import course as policies
from training.services.record import record_of
from training.services.seats import (
    enter,
    enter_who_came,
    leave,
    lock_session,
    refuse_overlap,
    take,
    tell_of_seat,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Enrolment, Session


def ask_for_seat(session: Session, *, actor: Person) -> Enrolment:
    """Ask for a seat for oneself; seats go by when the position that is asked has answered.

    Raises RefusedError, InvalidError.
    """
    with verb("enrolment.ask", actor=actor):
        current = lock_session(session)
        require(policies.can_ask_for_seat(actor, current))
        record = record_of(actor)
        approver = policies.answering_position(record, current)
        if approver is None:
            words = _("Nobody can answer now: no post above your office is held, nor one of %(office)s.")
            raise RefusedError(words % {"office": current.course.office})
        made = enter(record, current, actor=actor, approver=approver)
        notify(record, "enrolment.asked", positions=[approver], actor=actor, about=[made])
        return made


def nominate(session: Session, person: Person, *, actor: Person) -> Enrolment:
    """Enter somebody: on a seat, or on the waiting list where there is none; once it has begun, who came.

    Raises RefusedError, InvalidError.
    """
    with verb("enrolment.nominate", actor=actor):
        current = lock_session(session)
        record = record_of(person)
        require(policies.can_nominate_this(actor, current, record))
        write = enter_who_came if current.has_begun else enter
        made = write(record, current, actor=actor)
        kind = "enrolment.seat" if made.state == EnrolmentState.ENROLLED else "enrolment.waiting"
        notify(record, kind, people=[person], actor=actor, about=[made])
        return made


def _lock(enrolment: Enrolment, actor: Person, version: int) -> tuple[Enrolment, Session]:
    # The session first, always: two who give up seats at once must not wait for each other.
    session = lock_session(enrolment.session)
    current = lock_part(enrolment, actor=actor, version=version)
    current.session = session
    return current, session


def approve_enrolment(enrolment: Enrolment, *, actor: Person, version: int) -> Enrolment:
    """Let somebody of the office go. Raises RefusedError, InvalidError, StaleError."""
    with verb("enrolment.approve", actor=actor):
        current, session = _lock(enrolment, actor, version)
        require(policies.can_answer(actor, current))
        refuse_overlap(current.record, session)
        current.state = EnrolmentState.WAITING
        session.waiting += 1
        seated = take(current, session)
        if not seated:
            current.version += 1
            current.save()
            session.save(update_fields=["waiting"])
        kind = "enrolment.seat" if seated else "enrolment.waiting"
        tell_of_seat(current, kind, actor)
        return current


def decline_enrolment(enrolment: Enrolment, *, actor: Person, version: int, reason: str) -> Enrolment:
    """Say that they cannot go, with the reason. Raises RefusedError, InvalidError, StaleError."""
    need_reason(reason, _("Say why they cannot go."))
    with verb("enrolment.decline", actor=actor, reason=reason):
        current, session = _lock(enrolment, actor, version)
        require(policies.can_answer(actor, current))
        leave(current, session, EnrolmentState.DECLINED, reason)
        tell_of_seat(current, "enrolment.declined", actor)
        return current


def withdraw_enrolment(enrolment: Enrolment, *, actor: Person, version: int, reason: str) -> Enrolment:
    """Give the seat up, with the reason; whoever waits longest moves up.

    Raises RefusedError, InvalidError, StaleError.
    """
    need_reason(reason, _("Say why the seat is given up."))
    with verb("enrolment.withdraw", actor=actor, reason=reason):
        current, session = _lock(enrolment, actor, version)
        require(policies.can_withdraw(actor, current))
        leave(current, session, EnrolmentState.WITHDRAWN, reason)
        if current.record.person_id != actor.pk:
            tell_of_seat(current, "enrolment.withdrawn", actor)
        return current
