"""Who can do this task: qualified over the whole period, speaking it, cleared, and there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.core import post_someone
from tests.factories.training_course import CourseFactory
from tests.factories.training_readiness import away, in_days, qualified, with_records
from tests.support.pages import body, signed_in, words
from training.models import Enrolment, Session
from training.readiness.whocan import Wanted, speaks, who_can
from training.services.record import record_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(cast: Any) -> Any:
    with_records(cast)
    return CourseFactory(code="RAD-01", title="Radio")


def found(reader: Any, course: Any, since: int = 1, until: int = 3, **more: Any) -> tuple[set[str], set[str]]:
    answer = who_can(reader, Wanted([course], in_days(since), in_days(until), **more))
    return (
        {one.who.record.person.family_name for one in answer.free},
        {one.who.record.person.family_name for one in answer.busy},
    )


def at(days: int, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime.combine(in_days(days), time(hour)))


def session(course: Any, since: int, until: int, **more: Any) -> Session:
    made: Session = Session.objects.create(course=course, starts_at=at(since), ends_at=at(until), **more)
    return made


@pytest.mark.parametrize(
    ("languages", "wanted", "yes"),
    [
        ("English, French", "french", True),
        ("English, French", "French English", True),
        ("English; French", "Carani", False),
        ("Frenchish", "French", False),
        ("", "French", False),
        ("", "", True),
        ("Carani", " , ", True),
    ],
)
def test_a_language_is_matched_by_the_word(languages, wanted, yes):
    assert speaks(languages, wanted) is yes


def test_qualified_over_the_whole_period(cast, course):
    qualified(cast.owner, course, expires=3)
    qualified(cast.colleague, course, expires=2)
    qualified(cast.head, course, issued=2)
    assert found(cast.head, course) == ({"Owner"}, set())
    assert found(cast.head, course, until=2) == ({"Owner", "Colleague"}, set())


def test_all_of_several_courses(cast, course):
    other = CourseFactory()
    qualified(cast.owner, course)
    qualified(cast.owner, other)
    qualified(cast.colleague, course)
    answer = who_can(cast.head, Wanted([course, other], in_days(1), in_days(1)))
    assert [one.who.record.person for one in answer.candidates] == [cast.owner]


def test_by_language_clearance_and_office(cast, course):
    for number, (languages, clearance) in enumerate([("French", 1), ("French, Carani", 2), ("English", 3)]):
        person = post_someone(cast.team, family_name=f"P{number}", languages=languages, clearance=clearance)
        qualified(person, course)
    head = cast.head_above
    assert found(head, course, languages="french")[0] == {"P0", "P1"}
    assert found(head, course, languages="french", clearance=2)[0] == {"P1"}
    assert found(head, course, office=cast.police)[0] == set()
    assert found(head, course, office=cast.sector)[0] == {"P0", "P1", "P2"}


def test_who_is_away_or_in_a_session_would_fit_but_is_not_there(cast, course):
    for person in (cast.owner, cast.colleague, cast.head):
        qualified(person, course)
    away(cast.owner, 3, 8)
    seat = session(course, 0, 1)
    Enrolment.objects.create(
        record=record_of(cast.colleague),
        session=seat,
        during=(seat.starts_at, seat.ends_at),
        state="enrolled",
        nominated_by=cast.colleague,
    )
    session(course, 2, 2 + 1, trainer=cast.head)
    assert found(cast.head, course) == (set(), {"Owner", "Colleague", "Head"})
    assert found(cast.head, course, 9, 9) == ({"Owner", "Colleague", "Head"}, set())


def test_only_those_whose_record_is_open_to_the_reader(cast, course):
    for person in (cast.owner, cast.other_component, cast.outsider):
        qualified(person, course)
    assert found(cast.owner, course)[0] == {"Owner"}
    assert found(cast.head_above, course)[0] == {"Owner", "Other", "Outsider"}
    assert found(cast.partner, course)[0] == set()


class TestPage:
    def address(self, **query: Any) -> str:
        return reverse("who_can") + "?" + "&".join(f"{name}={value}" for name, value in query.items())

    def test_the_question_and_its_answer(self, cast: Any, course: Any) -> None:
        qualified(cast.owner, course)
        qualified(cast.colleague, course)
        away(cast.colleague, 1, 1)
        client = signed_in(cast.head)
        assert "Find people" in words(body(client.get(reverse("who_can"))))
        shown = words(body(client.get(self.address(courses=course.pk))))
        assert "1 person can do this" in shown
        assert "Would fit, but not there" in shown
        assert "“There” means" in shown

    @pytest.mark.parametrize(
        "query",
        [
            {"since": in_days(5), "until": in_days(4)},
            {"since": in_days(-1)},
            {"until": in_days(5000)},
            {"since": in_days(1), "until": in_days(500)},
            {"since": "tomorrow"},
            {"courses": "x"},
            {"clearance": "9"},
            {"office": "x"},
            {"languages": "x" * 90},
        ],
    )
    def test_what_cannot_be_read_is_told_at_the_field(self, cast: Any, course: Any, query: Any) -> None:
        qualified(cast.owner, course)
        answer = signed_in(cast.head).get(self.address(**query))
        assert answer.status_code == 422
        assert "error-summary" in body(answer)
        assert "Owner" not in body(answer)

    def test_in_the_api(self, cast: Any, course: Any) -> None:
        qualified(cast.owner, course)
        client = signed_in(cast.head)
        address = f"/api/v1/readiness/offices/{cast.team.pk}/who-can/?courses={course.pk}"
        told = client.get(address).json()
        assert [row["name"] for row in told["people"]] == [str(cast.owner)]
        assert client.get(f"{address}&since={in_days(5)}&until={in_days(2)}").status_code == 422
        assert signed_in(cast.outsider).get(address).json()["people"] == []


def test_a_period_of_days_ends_with_the_last(cast, course):
    qualified(cast.owner, course)
    seat = session(course, 4, 5)
    Enrolment.objects.create(
        record=record_of(cast.owner),
        session=seat,
        during=(seat.starts_at, seat.ends_at),
        state="enrolled",
        nominated_by=cast.owner,
    )
    assert found(cast.head, course, 1, 3) == ({"Owner"}, set())
    assert found(cast.head, course, 1, 4) == (set(), {"Owner"})
    assert seat.ends_at - seat.starts_at == timedelta(days=1)
