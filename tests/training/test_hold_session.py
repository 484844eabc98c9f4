"""A session as it is held: who comes without a seat, and one trainer and one room at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.core import PlaceFactory, ago, ahead
from tests.factories.training_course import CourseFactory, SessionFactory, seat_for
from tests.support.pages import body, signed_in, words
from tests.training.test_take_seat import entered, moved
from training.models import EnrolmentState as S
from training.models import Session
from training.services.session import (
    Mark,
    cancel_session,
    change_session,
    mark_results,
    plan_session,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Any) -> Session:
    """Given by the police; two seats."""
    made: Session = SessionFactory(course=CourseFactory(office=cast.police))
    return made


class TestWithoutASeat:
    """Somebody comes without a seat, once the session has begun."""

    @pytest.fixture
    def begun(self, cast: Any) -> Session:
        made: Session = SessionFactory(
            course=CourseFactory(office=cast.police), starts_at=ago(hours=1), ends_at=ahead(hours=5)
        )
        return made

    def test_who_gives_the_course_enters_them_and_nobody_else_does(self, cast: Any, begun: Session) -> None:
        with pytest.raises(RefusedError, match="begun"):
            entered(begun, cast.owner, cast.head)
        assert entered(begun, cast.owner, cast.other_component).state == S.ENROLLED
        begun.refresh_from_db()
        assert (begun.taken, begun.waiting) == (1, 0)

    @pytest.mark.parametrize("state", ["asked", "waiting", "declined"])
    def test_a_question_that_nobody_answered_does_not_keep_them_out(
        self, cast: Any, begun: Session, state: str
    ) -> None:
        seat_for(cast.owner, session=begun, state=state, reason="No" if state == "declined" else "")
        begun.refresh_from_db()
        assert entered(begun, cast.owner, cast.other_component).state == S.ENROLLED
        begun.refresh_from_db()
        assert (begun.taken, begun.waiting) == (1, 0)

    def test_a_seat_of_somebody_absent_is_free_and_no_other(self, cast: Any, begun: Session) -> None:
        first = entered(begun, cast.owner, cast.other_component)
        entered(begun, cast.colleague, cast.other_component)
        with pytest.raises(InvalidError, match="No seat is left"):
            entered(begun, cast.head, cast.other_component)
        begun.refresh_from_db()
        mark_results(begun, [Mark(first.pk, False)], actor=cast.other_component, version=begun.version)
        assert entered(begun, cast.head, cast.other_component).state == S.ENROLLED
        begun.refresh_from_db()
        with pytest.raises(InvalidError, match="3 came"):
            mark_results(begun, [Mark(first.pk, True)], actor=cast.other_component, version=begun.version)

    def test_who_sits_elsewhere_or_here_already_is_refused(self, cast: Any, begun: Session) -> None:
        seat_for(cast.owner, session=SessionFactory(starts_at=begun.starts_at))
        with pytest.raises(InvalidError, match="at that time"):
            entered(begun, cast.owner, cast.other_component)
        entered(begun, cast.colleague, cast.other_component)
        with pytest.raises(InvalidError, match="already"):
            entered(begun, cast.colleague, cast.other_component)

    def test_once_the_results_are_closed_nobody_is_entered(self, cast: Any, begun: Session) -> None:
        begun.state = "held"
        begun.save()
        with pytest.raises(RefusedError, match="nobody any more"):
            entered(begun, cast.owner, cast.other_component)

    def test_the_page_of_marks_leads_there(self, cast: Any, begun: Session) -> None:
        client = signed_in(cast.other_component)
        address = reverse("session_verb", args=[begun.pk, "nominate"])
        assert address in body(client.get(reverse("session_marks", args=[begun.pk])))
        assert "came without a seat" in words(body(client.get(address)))
        data = {"version": begun.version, "person": cast.owner.pk, "person_text": str(cast.owner)}
        assert "1 of 2" in words(body(client.post(address, data, follow=True)))


class TestOneTrainerAndOneRoom:
    """Two sessions at one time."""

    def plan(self, cast: Any, session: Session, **changed: Any) -> Session:
        return plan_session(session.course, moved(session, **changed), actor=cast.other_component)

    def test_a_trainer_who_holds_another_session_then_is_refused_at_the_field(
        self, cast: Any, session: Session
    ) -> None:
        session.trainer = cast.outsider
        session.save()
        with pytest.raises(InvalidError) as caught:
            self.plan(cast, session, trainer=cast.outsider, room="Elsewhere")
        assert list(caught.value.fields) == ["trainer"]
        assert str(session.course) in caught.value.fields["trainer"][0]
        change_session(
            session,
            moved(session, trainer=cast.outsider, seats=4),
            actor=cast.other_component,
            version=session.version,
        )
        after = {"starts_at": session.ends_at, "ends_at": session.ends_at + timedelta(hours=2)}
        later = self.plan(cast, session, trainer=cast.outsider, **after)
        with pytest.raises(InvalidError) as caught:
            change_session(
                later,
                moved(session, trainer=cast.outsider, room="Elsewhere"),
                actor=cast.other_component,
                version=later.version,
            )
        assert list(caught.value.fields) == ["trainer"]

    def test_a_room_is_taken_once_and_a_place_has_several(self, cast: Any, session: Session) -> None:
        session.place = PlaceFactory()
        session.save()
        with pytest.raises(InvalidError) as caught:
            self.plan(cast, session, place=session.place, room="training HALL ")
        assert list(caught.value.fields) == ["place"]
        assert self.plan(cast, session, place=session.place, room="Tent 2").pk
        cancel_session(session, actor=cast.other_component, version=session.version, reason="Rain")
        assert self.plan(cast, session, place=session.place).pk
