"""How it went for somebody, in the same words wherever their seat stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories.core import ago
from tests.factories.training_course import CourseFactory, SessionFactory, record_for, seat_for
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seat", "told"),
    [
        ({"state": "attended", "result": "failed", "score": 40}, "attended, did not pass"),
        ({"state": "attended", "result": "passed", "score": 80}, "attended, passed"),
        ({"state": "attended", "score": 80}, "attended, no result yet"),
        ({"state": "absent"}, "absent"),
        ({"state": "enrolled"}, "enrolled"),
    ],
)
def test_it_is_said_in_words_on_the_record_the_session_the_list_and_in_files(
    cast: Any, seat: dict[str, Any], told: str
) -> None:
    session = SessionFactory(
        course=CourseFactory(office=cast.police), starts_at=ago(hours=5), ends_at=ago(hours=1)
    )
    seat_for(cast.owner, session=session, **seat)
    client = signed_in(cast.owner)
    for address in (
        session.get_absolute_url(),
        record_for(cast.owner).get_absolute_url(),
        reverse("enrolments"),
    ):
        assert f">{told}</span>" in body(client.get(address))
    table = b"".join(client.get(reverse("enrolments_csv")).streaming_content).decode()
    assert f'"{told.capitalize()}"' in table or f",{told.capitalize()}\r\n" in table
