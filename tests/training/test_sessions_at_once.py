"""Two who plan sessions at once do not both take one trainer or one room."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from cimic_portal.core.errors import InvalidError
from tests.factories.cast import Cast, make_cast
from tests.factories.core import PlaceFactory, ahead
from tests.factories.training_course import CourseFactory
from tests.support.threads import AtOnce, Step
from training.models import Session
from training.services.session import SessionInput, change_session, plan_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("shared", ["trainer", "place"])
def test_the_second_is_told_who_has_it(cast: Cast, shared: str) -> None:
    course = CourseFactory(office=cast.police)
    place = PlaceFactory()
    facts: dict[str, Any] = {
        "trainer": {"trainer": cast.outsider, "room": "A link"},
        "place": {"place": place, "room": "Hall"},
    }
    data = SessionInput(ahead(hours=24), ahead(hours=30), seats=5, **facts[shared])
    planned = Step()

    def first() -> Session:
        with transaction.atomic():
            session = plan_session(course, data, actor=cast.other_component)
            planned.here()
        return session

    with AtOnce() as at_once:
        at_once.start(first)
        planned.wait()
        at_once.start(lambda: plan_session(course, data, actor=cast.other_component))
        at_once.wait_until_one_is_blocked()
        planned.release()
        session, refused = at_once.outcomes()
    assert isinstance(refused, InvalidError)
    assert list(refused.fields) == [shared]
    assert list(Session.objects.all()) == [session]


def test_whoever_moves_theirs_there_meanwhile_is_told_too(cast: Cast) -> None:
    course = CourseFactory(office=cast.police)
    data = SessionInput(ahead(hours=24), ahead(hours=30), seats=5, trainer=cast.outsider, room="A link")
    later = SessionInput(ahead(hours=48), ahead(hours=54), seats=5, trainer=cast.outsider, room="A link")
    moving = plan_session(course, later, actor=cast.other_component)
    planned = Step()

    def first() -> None:
        with transaction.atomic():
            plan_session(course, data, actor=cast.other_component)
            planned.here()

    with AtOnce() as at_once:
        at_once.start(first)
        planned.wait()
        at_once.start(lambda: change_session(moving, data, actor=cast.other_component, version=1))
        at_once.wait_until_one_is_blocked()
        planned.release()
        refused = at_once.outcomes()[1]
    assert isinstance(refused, InvalidError)
    assert list(refused.fields) == ["trainer"]
