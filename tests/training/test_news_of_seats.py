"""News of seats and qualifications says which course, when and where; a part that is hidden is not named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from cimic_portal.core.models import Notification
from cimic_portal.core.services.notifications import lines, notify
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.templatetags.moments import moment_text
from tests.factories.core import ahead
from tests.factories.training_course import CourseFactory, SessionFactory, record_for, seat_for
from tests.operations.steps import WHY
from tests.support.outbox import deliver_waiting
from tests.support.pages import signed_in
from training.models import Session, TrainingRecord
from training.services import enrolment as seats
from training.services.qualification import award
from training.services.session import SessionInput, change_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Any) -> Session:
    course = CourseFactory(code="IND-77", title="Mine awareness", office=cast.police)
    made: Session = SessionFactory(course=course, room="Room 12, log base")
    return made


def text_for(person: Any) -> str:
    deliver_waiting()
    (line, *_older) = lines(person, Notification.objects.filter(person=person).order_by("-pk"))
    return line.text


def test_line_and_mail_say_which_course_when_and_where(cast, session):
    seats.nominate(session, cast.owner, actor=cast.head)
    words = text_for(cast.owner)
    assert words.endswith(f"IND-77 Mine awareness, {moment_text(session.starts_at)}, Room 12, log base")
    (message,) = mail.outbox
    assert words in message.body


def test_news_of_a_seat_opens_its_session(cast, session):
    seats.nominate(session, cast.owner, actor=cast.head)
    deliver_waiting()
    told = Notification.objects.get(person=cast.owner)
    answer = signed_in(cast.owner).get(reverse("notification_open", args=[told.pk]))
    assert answer.url == reverse("session", args=[session.pk])
    assert signed_in(cast.owner).get(answer.url).status_code == 200


def test_after_a_change_the_line_says_the_new_time_and_place(cast, session):
    seats.nominate(session, cast.owner, actor=cast.head)
    until = session.ends_at + timedelta(days=3)
    since = session.starts_at + timedelta(days=3)
    moved = SessionInput(starts_at=since, ends_at=until, seats=2, room="Hangar 3")
    session.refresh_from_db()
    change_session(session, moved, actor=cast.other_component, version=session.version)
    deliver_waiting()
    (changed, seat) = lines(cast.owner, Notification.objects.filter(person=cast.owner).order_by("-pk"))
    assert changed.text.endswith(f"{moment_text(since)}, Hangar 3")
    # What was told before is composed when it is shown: it says the new time too.
    assert seat.text.endswith(f"{moment_text(since)}, Hangar 3")


def test_whoever_answers_for_the_office_reads_for_what_the_seat_is(cast, session):
    seats.ask_for_seat(session, actor=cast.owner)
    assert "IND-77 Mine awareness" in text_for(cast.head)


def test_a_qualification_is_named_by_its_course(cast, session):
    record_for(cast.owner)
    award(cast.owner, session.course, on=session.starts_at.date(), actor=cast.other_component)
    assert text_for(cast.owner).endswith("the certificate is ready: IND-77 Mine awareness")


def test_mail_about_a_classified_record_names_no_course(cast, session):
    record_for(cast.owner)
    rows = TrainingRecord.objects.unscoped(WHY).filter(person=cast.owner)
    rows.update(classification=Classification.CONFIDENTIAL)
    seats.nominate(session, cast.owner, actor=cast.head)
    assert "IND-77" in text_for(cast.owner)
    (message,) = mail.outbox
    assert "IND-77" not in str(message.message()) and "Mine awareness" not in message.body


def test_a_seat_of_a_record_that_is_hidden_is_not_named(cast, session):
    seat_for(cast.outsider, session=session)
    hidden = seat_for(
        cast.outsider, session=SessionFactory(starts_at=_later(5), course__title="Hidden course")
    )
    own = seat_for(cast.owner, session=session)
    notify(own.record, "enrolment.seat", people=[cast.owner], actor=None, about=[hidden, own])
    words = text_for(cast.owner)
    assert "Mine awareness" in words and "Hidden course" not in words


def test_where_none_of_the_parts_is_open_the_line_stands_alone(cast, session):
    hidden = seat_for(cast.outsider, session=session)
    notify(record_for(cast.owner), "enrolment.seat", people=[cast.owner], actor=None, about=[hidden])
    assert text_for(cast.owner).endswith("has a seat in a session")


def test_mail_of_an_open_record_about_a_classified_part_carries_no_content(cast, session):
    theirs = seat_for(cast.colleague, session=session)
    rows = TrainingRecord.objects.unscoped(WHY).filter(person=cast.colleague)
    rows.update(classification=Classification.CONFIDENTIAL)
    notify(record_for(cast.head), "enrolment.seat", people=[cast.head], actor=None, about=[theirs])
    assert "Mine awareness" in text_for(cast.head)
    (message,) = mail.outbox
    assert "Mine awareness" not in str(message.message()) + message.body


def test_a_list_of_many_asks_no_more_queries(cast, client, django_assert_max_num_queries):
    record_for(cast.owner)
    client.force_login(cast.owner)
    for _each in range(6):
        seats.nominate(SessionFactory(starts_at=_later(_each)), cast.owner, actor=cast.head)
    deliver_waiting()
    client.get(reverse("notifications"))
    with django_assert_max_num_queries(16):
        page = client.get(reverse("notifications")).content.decode()
    assert page.count("Training hall") >= 6


def _later(number: int) -> Any:
    return ahead(days=10 + 3 * number)
