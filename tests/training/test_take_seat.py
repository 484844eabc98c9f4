"""Seats: asked for, given by the office, waited for, given up; never two at once, never too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from tests.factories.core import DelegationFactory, HoldingFactory, ago, ahead, post_someone
from tests.factories.training_course import CourseFactory, SessionFactory, record_for, seat_for
from tests.operations.steps import WHY
from tests.support.outbox import told
from training.models import Enrolment, Session, TrainingRecord
from training.models import EnrolmentState as S
from training.services import enrolment as services
from training.services.session import SessionInput, cancel_session, change_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Any) -> Session:
    """Given by the police; two seats."""
    made: Session = SessionFactory(course=CourseFactory(office=cast.police))
    return made


def entered(session: Session, person: Any, actor: Any) -> Enrolment:
    return services.nominate(session, person, actor=actor)


@pytest.mark.parametrize(
    "starts_at",
    [datetime(9999, 12, 31, 22, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)],
    ids=["far", "long ago"],
)
def test_a_year_that_was_mistyped_is_told(cast, session, starts_at):
    data = moved(session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    with pytest.raises(InvalidError) as error:
        change_session(session, data, actor=cast.other_component, version=session.version)
    assert "Check the year" in error.value.fields["starts_at"][0]


def moved(session: Session, **changed: Any) -> SessionInput:
    given = {name: getattr(session, name) for name in ("starts_at", "ends_at", "seats", "room")}
    return SessionInput(**(given | changed))


def test_asking_waits_for_the_office_which_gives_the_seat(cast, session):
    asked = services.ask_for_seat(session, actor=cast.owner)
    assert asked.state == S.ASKED
    assert told("enrolment.asked")["positions"] == [cast.head.holdings.get().position_id]
    with pytest.raises(RefusedError):
        services.approve_enrolment(asked, actor=cast.owner, version=asked.version)
    seated = services.approve_enrolment(asked, actor=cast.head, version=asked.version)
    session.refresh_from_db()
    assert (seated.state, session.taken, session.waiting) == (S.ENROLLED, 1, 0)
    assert told("enrolment.seat")["people"] == [cast.owner.pk]


def test_nobody_answers_for_themselves_not_even_the_head(cast, session):
    asked = services.ask_for_seat(session, actor=cast.head)
    assert asked.approver == cast.head_above.holdings.get().position
    with pytest.raises(RefusedError):
        services.approve_enrolment(asked, actor=cast.head, version=asked.version)


def test_nobody_answers_for_the_one_they_deputise_for(cast, session):
    asked = services.ask_for_seat(session, actor=cast.owner)
    post = cast.head.holdings.get()
    post.until = ago(minutes=1)
    post.save()
    HoldingFactory(person=cast.owner, position=asked.approver)
    DelegationFactory(position=asked.approver, delegator=cast.owner, delegate=cast.colleague)
    with pytest.raises(RefusedError, match="deputise"):
        services.approve_enrolment(asked, actor=cast.colleague, version=asked.version)
    HoldingFactory(person=cast.outsider, position=asked.approver)
    assert services.approve_enrolment(asked, actor=cast.outsider, version=asked.version).state == S.ENROLLED


def test_where_nobody_above_can_answer_the_office_that_gives_the_course_does(cast, session):
    trainer = post_someone(cast.police, head=True)
    for asker in (cast.head_above, cast.partner):
        asked = services.ask_for_seat(session, actor=asker)
        assert asked.approver == trainer.holdings.get().position
        assert Enrolment.objects.visible_to(trainer).waiting_for(trainer).filter(pk=asked.pk).exists()
    seated = services.approve_enrolment(asked, actor=trainer, version=asked.version)
    assert seated.state == S.ENROLLED


def test_nobody_is_asked_about_themselves_by_way_of_the_course(cast):
    own = SessionFactory(course=CourseFactory(office=cast.hq))
    with pytest.raises(RefusedError, match="Nobody can answer"):
        services.ask_for_seat(own, actor=cast.head_above)
    with pytest.raises(RefusedError, match="Somebody else"):
        entered(own, cast.head_above, cast.head_above)
    assert entered(own, cast.head_above, cast.auditor).state == S.ENROLLED


def test_a_declined_question_gives_its_reason(cast, session):
    asked = services.ask_for_seat(session, actor=cast.owner)
    with pytest.raises(InvalidError):
        services.decline_enrolment(asked, actor=cast.head, version=asked.version, reason=" ")
    declined = services.decline_enrolment(asked, actor=cast.head, version=asked.version, reason="Needed here")
    assert (declined.state, declined.reason) == (S.DECLINED, "Needed here")
    assert services.ask_for_seat(session, actor=cast.owner).state == S.ASKED


def test_an_office_enters_its_own_people_and_the_giving_office_everybody(cast, session):
    assert entered(session, cast.owner, cast.colleague).state == S.ENROLLED
    with pytest.raises(RefusedError, match="Somebody else"):
        entered(session, cast.colleague, cast.colleague)
    with pytest.raises(RefusedError, match="its own people"):
        entered(session, cast.colleague, cast.outsider)
    assert entered(session, cast.partner, cast.other_component).state == S.ENROLLED


def test_a_full_session_has_a_waiting_list_that_moves_up_by_itself(cast, session):
    first = entered(session, cast.owner, cast.head)
    entered(session, cast.colleague, cast.head)
    waiting = entered(session, cast.outsider, cast.other_component)
    later = entered(session, cast.partner, cast.other_component)
    assert (waiting.state, later.state) == (S.WAITING, S.WAITING)
    services.withdraw_enrolment(first, actor=cast.owner, version=first.version, reason="On leave")
    waiting.refresh_from_db()
    later.refresh_from_db()
    session.refresh_from_db()
    assert (waiting.state, later.state) == (S.ENROLLED, S.WAITING)
    assert (session.taken, session.waiting) == (2, 1)
    assert told("enrolment.seat")["people"] == [cast.outsider.pk]


def test_the_database_refuses_an_over_full_session(session):
    session.taken = 3
    with pytest.raises(IntegrityError), transaction.atomic():
        session.save()


def test_nobody_sits_in_two_rooms_at_once(cast, session):
    entered(session, cast.owner, cast.head)
    other = SessionFactory(starts_at=session.starts_at + timedelta(hours=3))
    with pytest.raises(InvalidError) as caught:
        entered(other, cast.owner, cast.head)
    assert str(session.course) in caught.value.fields["person"][0]
    record = TrainingRecord.objects.unscoped(WHY).get(person=cast.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        seat_for(record=record, session=other)
    after = SessionFactory(starts_at=session.ends_at)
    assert entered(after, cast.owner, cast.head).state == S.ENROLLED


def test_who_sits_elsewhere_keeps_waiting(cast, session):
    session.seats = 1
    session.save()
    first = entered(session, cast.owner, cast.head)
    busy = entered(session, cast.colleague, cast.head)
    next_one = entered(session, cast.outsider, cast.other_component)
    entered(SessionFactory(starts_at=session.starts_at), cast.colleague, cast.head)
    services.withdraw_enrolment(first, actor=cast.owner, version=first.version, reason="On leave")
    assert Enrolment.objects.unscoped(WHY).get(pk=busy.pk).state == S.WAITING
    assert Enrolment.objects.unscoped(WHY).get(pk=next_one.pk).state == S.ENROLLED


def test_twice_in_one_session_is_refused(cast, session):
    entered(session, cast.owner, cast.head)
    with pytest.raises(InvalidError, match="already"):
        entered(session, cast.owner, cast.head)


def test_a_session_that_has_begun_takes_nobody(cast):
    begun = SessionFactory(starts_at=ago(hours=1), ends_at=ahead(hours=5))
    with pytest.raises(RefusedError, match="begun"):
        services.ask_for_seat(begun, actor=cast.owner)


def test_the_version_that_was_shown_counts(cast, session):
    asked = services.ask_for_seat(session, actor=cast.owner)
    services.approve_enrolment(asked, actor=cast.head, version=asked.version)
    with pytest.raises(StaleError):
        services.withdraw_enrolment(asked, actor=cast.owner, version=asked.version, reason="Ill")


def test_more_seats_let_those_in_who_wait(cast, session):
    for person in (cast.owner, cast.colleague, cast.head):
        entered(session, person, cast.head_above)
    session.refresh_from_db()
    change_session(session, moved(session, seats=3), actor=cast.other_component, version=session.version)
    session.refresh_from_db()
    assert (session.taken, session.waiting) == (3, 0)


def test_fewer_seats_than_taken_are_refused(cast, session):
    entered(session, cast.owner, cast.head)
    entered(session, cast.colleague, cast.head)
    session.refresh_from_db()
    with pytest.raises(InvalidError) as caught:
        change_session(session, moved(session, seats=1), actor=cast.other_component, version=session.version)
    assert "2 seats" in caught.value.fields["seats"][0]


def test_another_time_at_which_somebody_sits_elsewhere_is_refused(cast, session):
    entered(session, cast.owner, cast.head)
    other = SessionFactory(starts_at=session.ends_at + timedelta(days=1))
    entered(other, cast.owner, cast.head)
    session.refresh_from_db()
    times = {"starts_at": other.starts_at, "ends_at": other.ends_at}
    with pytest.raises(InvalidError) as caught:
        change_session(session, moved(session, **times), actor=cast.other_component, version=session.version)
    assert str(cast.owner) in caught.value.fields["starts_at"][0]
    free = {"starts_at": other.ends_at, "ends_at": other.ends_at + timedelta(hours=2)}
    change_session(session, moved(session, **free), actor=cast.other_component, version=session.version)
    assert told("session.changed")["people"] == [cast.owner.pk]
    row = Enrolment.objects.unscoped(WHY).get(session=session)
    assert row.during.lower == free["starts_at"]


def test_a_cancelled_session_tells_everybody_and_frees_their_time(cast, session):
    entered(session, cast.owner, cast.head)
    session.refresh_from_db()
    cancel_session(session, actor=cast.other_component, version=session.version, reason="The trainer is ill")
    assert told("session.cancelled")["people"] == [cast.owner.pk]
    other = SessionFactory(starts_at=session.starts_at)
    assert entered(other, cast.owner, cast.head).state == S.ENROLLED


def test_who_is_enrolled_is_read_by_their_office_and_by_who_trains_them_alone(cast, session):
    entered(session, cast.owner, cast.head)

    def reads(person: Any) -> bool:
        return bool(Enrolment.objects.visible_to(person).filter(session=session).exists())

    assert [reads(getattr(cast, name)) for name in ("owner", "colleague", "head", "head_above")] == [True] * 4
    assert reads(cast.other_component)
    assert [reads(getattr(cast, name)) for name in ("outsider", "partner", "auditor", "postless")] == [
        False
    ] * 4


def test_somebody_without_a_post_has_no_record(cast):
    with pytest.raises(InvalidError, match="no post"):
        record_for(cast.postless)


def test_a_new_person_is_found_by_their_office(cast):
    newcomer = post_someone(cast.team)
    assert TrainingRecord.objects.visible_to(cast.colleague).filter(pk=record_for(newcomer).pk).exists()
