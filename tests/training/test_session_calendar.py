"""Sessions in calendar programs: the feed with its token, and one session as a file."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cimic_portal.core.models import ReadEntry, Scope
from cimic_portal.core.services.tokens import create_token, revoke_token
from cimic_portal.core.sharing.levels import Classification
from tests.factories.core import ago, ahead
from tests.factories.training_course import CourseFactory, SessionFactory, seat_for
from tests.operations.steps import WHY
from tests.support.pages import signed_in
from training.models import Session, TrainingRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Any) -> Session:
    course = CourseFactory(code="IND-77", title="Mines; a first look", office=cast.police)
    made: Session = SessionFactory(course=course, room="Room 12, log base", note="Bring boots, \nand water")
    return made


def token_of(person: Any, scope: Scope = Scope.CALENDAR) -> tuple[Any, str]:
    return create_token(actor=person, name="telephone", scope=scope, expires_at=ahead(days=9))


def fetch(text: str, name: str = "whoever@example.org") -> Any:
    sent = base64.b64encode(f"{name}:{text}".encode()).decode()
    headers = {"Authorization": f"Basic {sent}", "Accept": "text/calendar"}
    return Client().get(reverse("api:calendar_feed"), headers=headers)


def events(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["summary"]): event for event in found}


def test_the_feed_has_ones_own_seats_and_what_is_on_offer(cast, session):
    seat_for(cast.owner, session=session)
    offered = SessionFactory(starts_at=ahead(days=20), course=CourseFactory(code="OFF-1", title="On offer"))
    past = SessionFactory(starts_at=ago(days=20), course=CourseFactory(code="OLD-1", title="Past"))
    seat_for(cast.owner, session=past, state="attended", result="failed")
    SessionFactory(starts_at=ago(days=30), course=CourseFactory(code="OLD-2", title="Not taken"))
    found = events(fetch(token_of(cast.owner)[1]))
    assert set(found) == {
        "IND-77 Mines; a first look (Enrolled)",
        "OFF-1 On offer",
        "OLD-1 Past (Attended, did not pass)",
    }
    own = found["IND-77 Mines; a first look (Enrolled)"]
    assert (own["transp"], own["status"]) == ("OPAQUE", "CONFIRMED")
    assert own["location"] == "Room 12, log base"
    assert "Bring boots, \nand water" in own["description"]
    assert own.decoded("dtstart") == session.starts_at.replace(microsecond=0)
    assert session.get_absolute_url() in own["url"]
    assert (found["OFF-1 On offer"]["transp"], found["OFF-1 On offer"]["status"]) == (
        "TRANSPARENT",
        "TENTATIVE",
    )
    assert offered.pk


def test_nobody_elses_seat_is_told_not_even_to_the_head_who_may_read_it(cast, session):
    seat_for(cast.colleague, session=session)
    for person in (cast.owner, cast.head, cast.other_component, cast.outsider):
        assert set(events(fetch(token_of(person)[1]))) == {"IND-77 Mines; a first look"}


def test_what_the_rule_closed_meanwhile_is_gone(cast, session):
    seat_for(cast.owner, session=session)
    _token, text = token_of(cast.owner)
    TrainingRecord.objects.unscoped(WHY).filter(person=cast.owner).update(
        classification=Classification.CONFIDENTIAL
    )
    assert "IND-77 Mines; a first look (Enrolled)" in events(fetch(text))
    assert ReadEntry.objects.filter(person=cast.owner, surface="calendar").count() == 1
    cast.owner.clearance = Classification.UNCLASSIFIED
    cast.owner.save()
    assert set(events(fetch(text))) == {"IND-77 Mines; a first look"}


def test_a_token_for_the_calendar_opens_nothing_else(cast, session):
    _token, text = token_of(cast.owner)
    for path in ("/api/v1/me/", "/api/v1/sessions/", "/api/v1/seats/"):
        answer = Client().get(path, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 403
    sent = base64.b64encode(f"x:{text}".encode()).decode()
    # The other addresses know no Basic sign-in at all.
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Basic {sent}"}).status_code == 401
    assert (
        Client().get(reverse("training_home"), headers={"Authorization": f"Basic {sent}"}).status_code == 302
    )


def test_a_token_for_reading_opens_it_as_well(cast, session):
    _token, text = token_of(cast.owner, Scope.READ)
    assert events(fetch(text))
    answer = Client().get(reverse("api:calendar_feed"), headers={"Authorization": f"Bearer {text}"})
    assert events(answer)


@pytest.mark.parametrize(
    "sent", ["", "Basic", "Basic %%%", "Basic Y2ltaWM=", "Basic gIA=", "Bearer cimic_no"]
)
def test_strangers_are_asked_to_sign_in(sent):
    answer = Client().get(reverse("api:calendar_feed"), headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")


def test_an_ended_token_and_people_who_left_are_refused(cast, session):
    token, text = token_of(cast.owner)
    revoke_token(token, actor=cast.owner)
    assert fetch(text).status_code == 401
    assert fetch(token_of(cast.inactive)[1]).status_code == 401
    assert fetch(token_of(cast.postless)[1]).status_code == 403


def test_one_session_is_a_file_for_the_signed_in(cast, session):
    answer = signed_in(cast.outsider).get(reverse("session_ics", args=[session.pk]))
    assert "attachment" in answer["Content-Disposition"] and ".ics" in answer["Content-Disposition"]
    assert list(events(answer)) == ["IND-77 Mines; a first look"]
    assert Client().get(reverse("session_ics", args=[session.pk])).status_code == 302
    assert signed_in(cast.outsider).get(reverse("session_ics", args=[999999])).status_code == 404


def test_pages_lead_to_both(cast, session):
    owner = signed_in(cast.owner)
    assert reverse("session_ics", args=[session.pk]) in owner.get(session.get_absolute_url()).content.decode()
    page = owner.get(reverse("session_calendar")).content.decode()
    assert reverse("api:calendar_feed") in page and cast.owner.email in page
    form = owner.get(f"{reverse('token_create')}?for=calendar").content.decode()
    assert form.count("checked") == 1
    assert 'value="calendar"' in form


def test_the_feed_asks_no_more_queries_for_more_sessions(cast, django_assert_max_num_queries):
    _token, text = token_of(cast.owner)
    for number in range(8):
        seat_for(cast.owner, session=SessionFactory(starts_at=ahead(days=10 + 3 * number)))
    fetch(text)
    with django_assert_max_num_queries(16):
        assert len(events(fetch(text))) == 8
