"""Sessions, seats and qualifications in the API: each verb once, by whoever may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories.core import ago
from tests.factories.training import CaseStudyFactory
from tests.factories.training_course import (
    CourseFactory,
    QualificationFactory,
    SessionFactory,
    record_for,
    seat_for,
)
from tests.factories.training_readiness import RequirementFactory
from tests.support.pages import signed_in
from training.models import Session

pytestmark = pytest.mark.django_db


def send(sender: Any, path: str, /, **data: Any) -> Any:
    answer = signed_in(sender).post(f"/api/v1/{path}/", data, content_type="application/json")
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def test_rows_of_the_catalogue_are_read(cast):
    rows = (
        ("cases", CaseStudyFactory()),
        ("courses", CourseFactory()),
        ("requirements", RequirementFactory()),
    )
    for noun, row in (*rows, ("sessions", SessionFactory())):
        assert signed_in(cast.owner).get(f"/api/v1/{noun}/{row.pk}/").status_code == 200


def test_a_session_is_changed_asked_for_filled_marked_closed_and_cancelled(cast):
    course = CourseFactory(office=cast.police)
    session = SessionFactory(course=course, seats=5)
    start = timezone.now() + timedelta(days=5)
    times = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=4)).isoformat()}
    changed = send(
        cast.other_component, f"sessions/{session.pk}/change", version=1, seats=4, room="Hall B", **times
    )
    assert changed["room"] == "Hall B"
    send(cast.owner, f"sessions/{session.pk}/ask", version=changed["version"])
    taken = send(cast.head, f"sessions/{session.pk}/nominate", version=1, person=cast.colleague.pk)
    assert taken["taken"] == 1
    send(cast.other_component, f"sessions/{session.pk}/cancel", version=taken["version"], reason="Floods")
    over = SessionFactory(course=course, starts_at=ago(hours=8), ends_at=ago(hours=1))
    seat = seat_for(cast.owner, session=over)
    mark = {"enrolment": seat.pk, "attended": True, "result": "passed", "score": 90}
    marked = send(cast.other_component, f"sessions/{over.pk}/marks", version=over.version, marks=[mark])
    send(cast.other_component, f"sessions/{over.pk}/close", version=marked["version"])
    assert Session.objects.get(pk=over.pk).state == "held"


def test_seats_are_answered_and_given_up(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police), seats=5)
    post = cast.head.holdings.get().position
    for person, verb, more in (
        (cast.owner, "approve", {}),
        (cast.colleague, "decline", {"reason": "Needed here"}),
    ):
        seat = seat_for(person, session=session, state="asked", approver=post)
        send(cast.head, f"seats/{seat.pk}/{verb}", version=seat.version, **more)
    seat = seat_for(cast.outsider, session=session)
    send(cast.outsider, f"seats/{seat.pk}/withdraw", version=seat.version, reason="Leave")


def test_a_qualification_is_confirmed_and_revoked(cast):
    course = CourseFactory(office=cast.police)
    held = QualificationFactory(
        record=record_for(cast.owner), course=course, confirmed_at=None, confirmed_by=None, way="earlier"
    )
    held.record.offices.model.objects.create(record=held.record, office=cast.police, why="course")
    confirmed = send(
        cast.other_component,
        f"qualifications/{held.pk}/confirm",
        version=held.version,
        seen="The paper itself",
    )
    send(
        cast.other_component,
        f"qualifications/{held.pk}/revoke",
        version=confirmed["version"],
        reason="Forged",
    )
