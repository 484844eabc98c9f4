"""Who may hold sessions, enrol and mark. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.models import Delegation, Position
from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from cimic_portal.core.querysets import current
from training.models import Enrolment, EnrolmentState, SessionState
from training.policies.centre import keeps

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Course, Session, TrainingRecord


def can_keep_courses(person: Person) -> Decision:
    """Add and change courses of the catalogue."""
    return keeps(person, _("Courses are kept by the training centre and the administrators."))


def can_plan_session(person: Person, course: Course) -> Decision:
    """Plan and change sessions: the office that gives the course."""
    if course.is_archived:
        return Refused(_("This course is no longer given."))
    if course.office is None:
        return Refused(_("No office of the mission gives this course."))
    if course.office_id in person.access.offices:
        return Allowed()
    return Refused(_("%(office)s gives this course.") % {"office": course.office})


def can_change_session(person: Person, session: Session) -> Decision:
    """Change or cancel it: the office that gives the course, until it was held."""
    if session.state != SessionState.PLANNED:
        return Refused(_("Only a planned session is changed."))
    if session.course.office_id in person.access.offices:
        return Allowed()
    return Refused(_("%(office)s holds this session.") % {"office": session.course.office})


def can_mark(person: Person, session: Session) -> Decision:
    """Say who came and how it went: the office that gives the course, once it has begun."""
    if session.state != SessionState.PLANNED:
        return Refused(_("The results of this session are closed."))
    if not session.has_begun:
        return Refused(_("It has not begun."))
    if session.course.office_id in person.access.offices:
        return Allowed()
    return Refused(_("%(office)s marks it.") % {"office": session.course.office})


def deputised_for(person: Person, session: Session) -> set[int]:
    """Ids of those for whom alone the person acts in the office that gives the course.

    They are no more marked by this person than by themselves.
    """
    givers = Delegation.objects.filter(current(), delegate=person).values_list("delegator_id", flat=True)
    rows = Position.objects.filter(office=session.course.office_id, pk__in=person.access.positions)
    posts = list(rows.select_related("office"))
    return {one for one in set(givers) if not any(decides_for(person, post, authors={one}) for post in posts)}


def _open(session: Session) -> Decision:
    if session.state != SessionState.PLANNED:
        return Refused(_("This session takes nobody any more."))
    if session.has_begun:
        return Refused(_("This session has begun."))
    return Allowed()


def answering_position(record: TrainingRecord, session: Session) -> Position | None:
    """The post that answers a person who asks: of their office or above it, else of who gives the course.

    The second is for those above whom nobody stands, and those above whom every post is vacant. Never
    a post that the person alone holds. None: nobody can.
    """
    for office in (record.owner_office, session.course.office):
        found = office.releasing_position(author_id=record.person_id) if office else None
        if found is not None:
            return found
    return None


def can_ask_for_seat(person: Person, session: Session) -> Decision:
    """Ask for a seat for oneself: everyone with a post; `answering_position` answers."""
    opened = _open(session)
    if not opened:
        return opened
    gone = (EnrolmentState.DECLINED, EnrolmentState.WITHDRAWN)
    stands = Enrolment.objects.visible_to(person).filter(session=session, record__person=person)
    if stands.exclude(state__in=gone).exists():
        return Refused(_("You stand on the lists of this session already."))
    return can_act(person)


def can_nominate(person: Person, session: Session) -> Decision:
    """Enter somebody: their office and the heads above it, and the office that gives the course.

    Once it has begun the latter alone, who sees who came without a seat, until the results are closed.
    """
    gives = session.course.office_id in person.access.offices
    if not (gives and session.is_planned and session.has_begun):
        opened = _open(session)
        if not opened:
            return opened
    return can_act(person)


def can_nominate_this(person: Person, session: Session, record: TrainingRecord) -> Decision:
    """Enter this person, whose record the one who acts may see."""
    opened = can_nominate(person, session)
    if not opened:
        return opened
    if record.person_id == person.pk:
        return Refused(_("Nobody enters themselves. Somebody else does, or answers when you ask for a seat."))
    if session.course.office_id in person.access.offices:
        return Allowed()
    if record.owner_office_id in person.access.owned:
        return Allowed()
    return Refused(_("%(office)s enters its own people.") % {"office": record.owner_office})


def can_answer(person: Person, enrolment: Enrolment) -> Decision:
    """Let somebody go, or decline with the reason: the position asked; never for oneself."""
    if enrolment.state != EnrolmentState.ASKED:
        return Refused(_("This was answered already."))
    opened = _open(enrolment.session)
    if not opened:
        return opened
    if enrolment.record.person_id == person.pk:
        return Refused(_("Nobody answers for themselves."))
    return _answers_for_office(person, enrolment)


def _answers_for_office(person: Person, enrolment: Enrolment) -> Decision:
    approver = enrolment.approver
    if approver is None or approver.pk not in person.access.positions:
        return Refused(_("%(position)s answers this.") % {"position": approver})
    # Only of whoever deputises is asked for whom.
    if approver.pk in person.access.held or decides_for(
        person, approver, authors={enrolment.record.person_id}
    ):
        return Allowed()
    return Refused(_("You deputise for them, so another holder answers."))


def can_withdraw(person: Person, enrolment: Enrolment) -> Decision:
    """Give the seat up: the person, their office, and the office that gives the course."""
    if not enrolment.is_open:
        return Refused(_("There is no seat to give up."))
    gives = enrolment.session.course.office_id in person.access.offices
    if enrolment.session.starts_at <= timezone.now() and not gives:
        return Refused(_("The session has begun; the trainer marks who was absent."))
    record = enrolment.record
    if gives or record.person_id == person.pk or record.owner_office_id in person.access.owned:
        return Allowed()
    return Refused(_("The person gives the seat up, or their office."))
