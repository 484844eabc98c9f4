"""Who came and how it went; what that makes of them; lists that come as files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.core import ago
from tests.factories.training_course import CourseFactory, SessionFactory, seat_for
from tests.operations.steps import WHY
from tests.support.outbox import told
from training.models import Enrolment, Qualification, Session
from training.models import EnrolmentState as S
from training.services import session as services
from training.services.attendance import import_attendance, try_attendance
from training.services.session import Mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast: Any) -> Session:
    """Given by the police yesterday, with the owner, the colleague and the partner."""
    course = CourseFactory(office=cast.police, pass_score=70, validity_months=12)
    session: Session = SessionFactory(
        course=course, starts_at=ago(days=1, hours=8), ends_at=ago(days=1), seats=5
    )
    for person in (cast.owner, cast.colleague, cast.partner):
        seat_for(person, session=session)
    return session


def seat_of(session: Session, person: Any) -> Enrolment:
    found: Enrolment = Enrolment.objects.unscoped(WHY).get(session=session, record__person=person)
    return found


def mark(session: Session, actor: Any, *marks: Mark) -> Session:
    session.refresh_from_db()
    return services.mark_results(session, marks, actor=actor, version=session.version)


def whole(cast: Any, session: Session) -> list[Mark]:
    return [
        Mark(seat_of(session, cast.owner).pk, True, "passed", 80),
        Mark(seat_of(session, cast.colleague).pk, False),
        Mark(seat_of(session, cast.partner).pk, True, "failed", 40),
    ]


def test_nobody_marks_the_one_they_deputise_for(cast):
    """The delegate acts in the team, which gives the course, by a delegation of the owner alone."""
    given: Session = SessionFactory(
        course=CourseFactory(office=cast.team), starts_at=ago(hours=5), ends_at=ago(hours=1)
    )
    owner, other = (seat_for(person, session=given).pk for person in (cast.owner, cast.partner))
    with pytest.raises(InvalidError) as error:
        mark(given, cast.delegate, Mark(owner, True, "passed"), Mark(other, True, "passed"))
    assert list(error.value.fields) == [str(owner)]
    assert "deputise" in error.value.fields[str(owner)][0]
    mark(given, cast.delegate, Mark(other, True, "passed"))
    mark(given, cast.colleague, Mark(owner, True, "passed"))


def test_who_passed_is_qualified_from_the_last_day_on(cast, held):
    mark(held, cast.other_component, *whole(cast, held))
    held.refresh_from_db()
    services.close_results(held, actor=cast.other_component, version=held.version)
    made = Qualification.objects.unscoped(WHY).get()
    day = timezone.localdate(held.ends_at)
    assert (made.record.person, made.issued_on, made.counts) == (cast.owner, day, True)
    assert made.expires_on == held.course.expiry(day)
    assert told("qualification.awarded")["people"] == [cast.owner.pk]


def test_a_result_for_someone_who_was_absent_is_refused_and_nothing_is_stored(cast, held):
    good, absent = seat_of(held, cast.owner).pk, seat_of(held, cast.colleague).pk
    with pytest.raises(InvalidError) as caught:
        mark(held, cast.other_component, Mark(good, True, "passed", 90), Mark(absent, False, "passed"))
    assert list(caught.value.fields) == [str(absent)]
    assert seat_of(held, cast.owner).state == S.ENROLLED
    row = seat_of(held, cast.colleague)
    row.state, row.result = S.ABSENT, "passed"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("result", "score"), [("passed", 69), ("failed", 70), ("passed", 101)])
def test_a_result_that_the_score_contradicts_is_refused(cast, held, result, score):
    with pytest.raises(InvalidError):
        mark(held, cast.other_component, Mark(seat_of(held, cast.owner).pk, True, result, score))


def test_nobody_marks_themselves(cast, held):
    seat = seat_for(cast.other_component, session=held)
    with pytest.raises(InvalidError, match="themselves"):
        mark(held, cast.other_component, Mark(seat.pk, True, "passed", 100))


def test_a_seat_of_another_session_is_refused(cast, held):
    other = seat_for(cast.head, session=SessionFactory())
    with pytest.raises(InvalidError, match="no seat"):
        mark(held, cast.other_component, Mark(other.pk, True, "passed", 100))


def test_only_who_gives_it_marks_and_only_once_it_has_begun(cast, held):
    with pytest.raises(RefusedError):
        mark(held, cast.head, Mark(seat_of(held, cast.owner).pk, True, "passed", 80))
    ahead_of_us = SessionFactory(course=held.course)
    with pytest.raises(RefusedError, match="not begun"):
        mark(ahead_of_us, cast.other_component)


def test_results_are_closed_when_everybody_has_one(cast, held):
    mark(held, cast.other_component, *whole(cast, held)[:2])
    held.refresh_from_db()
    with pytest.raises(InvalidError, match="Partner"):
        services.close_results(held, actor=cast.other_component, version=held.version)
    mark(held, cast.other_component, *whole(cast, held))
    held.refresh_from_db()
    services.close_results(held, actor=cast.other_component, version=held.version)
    with pytest.raises(RefusedError, match="closed"):
        mark(held, cast.other_component, *whole(cast, held))


def test_a_retake_renews(cast, held):
    for days in (400, 1):
        session = SessionFactory(
            course=held.course, starts_at=ago(days=days, hours=5), ends_at=ago(days=days)
        )
        seat = seat_for(cast.owner, session=session, state="attended", result="passed")
        services.close_results(session, actor=cast.other_component, version=session.version)
        assert seat.pk
    rows = Qualification.objects.visible_to(cast.owner)
    assert rows.count() == 2
    assert rows.current().get().issued_on == timezone.localdate(ago(days=1))
    assert not rows.current(timezone.localdate() + timedelta(days=400)).exists()


ROWS = [
    {"line": "2", "email": "", "came": "yes"},
    {"line": "3", "email": "OWNER", "came": "yes", "result": "passed", "score": "80 %"},
    {"line": "4", "email": "OWNER", "came": "yes"},
    {"line": "5", "email": "COLLEAGUE", "came": "no", "result": "passed"},
    {"line": "6", "email": "PARTNER", "came": "perhaps", "result": "so so", "score": "many"},
]


def sent(cast: Any) -> list[dict[str, str]]:
    people = {
        "OWNER": cast.owner.email.upper(),
        "COLLEAGUE": cast.colleague.email,
        "PARTNER": cast.partner.email,
    }
    return [row | {"email": people.get(row["email"], "stranger@example.org")} for row in ROWS]


def test_a_list_says_of_each_row_why_it_stays_out(cast, held):
    rows = try_attendance(held, sent(cast), actor=cast.other_component)
    assert [len(row.problems) for row in rows] == [1, 0, 1, 1, 3]
    assert rows[1].person == str(cast.owner)
    assert "absent" in rows[3].problems[0]


def test_a_list_enters_what_fits_and_no_more(cast, held):
    assert import_attendance(held, sent(cast), actor=cast.other_component, version=held.version) == 1
    row = seat_of(held, cast.owner)
    assert (row.state, row.result, row.score) == (S.ATTENDED, "passed", 80)
    assert seat_of(held, cast.colleague).state == S.ENROLLED
    with pytest.raises(InvalidError):
        import_attendance(held, sent(cast)[:1], actor=cast.other_component, version=held.version + 1)
