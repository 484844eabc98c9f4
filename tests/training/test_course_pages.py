"""Pages of courses: the calendar, seats, marks, records, certificates and who verifies them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.signals import posts_changed
from cimic_portal.core.templatetags.moments import day_text
from cimic_portal.overview.waiting import waiting_for
from tests.factories.core import ago, ahead
from tests.factories.training_course import (
    CourseFactory,
    QualificationFactory,
    SessionFactory,
    record_for,
    seat_for,
)
from tests.operations.steps import WHY
from tests.support.pages import body, signed_in, words
from tests.support.papers import pages_of
from tests.training.test_earlier_qualification import picture
from training.models import Enrolment, Qualification, Session
from training.services.record import follow_posts

pytestmark = pytest.mark.django_db


def when(moment: Any, name: str) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def sent(**changed: Any) -> dict[str, Any]:
    start = timezone.now() + timedelta(days=5)
    times = when(start, "starts_at") | when(start + timedelta(hours=6), "ends_at")
    return {**times, "seats": "12", "room": "Hall B", "language": "French", **changed}


def test_a_session_is_planned_by_who_gives_the_course_and_stands_in_the_calendar(cast):
    course = CourseFactory(office=cast.police, title="First aid")
    address = reverse("session_plan", args=[course.code])
    assert signed_in(cast.owner).get(address).status_code == 403
    client = signed_in(cast.other_component)
    assert client.get(address).status_code == 200
    wrong = client.post(address, sent(room="") | when(timezone.now() - timedelta(days=9), "starts_at"))
    assert wrong.status_code == 422
    assert {"This time has passed.", "Say where it is held"} <= {
        text for text in ("This time has passed.", "Say where it is held") if text in words(body(wrong))
    }
    assert "French" in body(wrong)
    answer = client.post(address, sent(), follow=True)
    assert "Session planned" in words(body(answer))
    session = Session.objects.get()
    month = f"{timezone.localtime(session.starts_at):%Y-%m}"
    for page in (
        f"{reverse('session_calendar')}?month={month}",
        course.get_absolute_url(),
        reverse("sessions"),
    ):
        assert "First aid" in body(signed_in(cast.partner).get(page))


def test_a_session_is_changed_and_cancelled(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police))
    client = signed_in(cast.other_component)
    address = reverse("session_edit", args=[session.pk])
    assert "Training hall" in body(client.get(address))
    stale = client.post(address, sent(version=session.version + 1))
    assert stale.status_code == 409
    client.post(address, sent(version=session.version))
    session.refresh_from_db()
    assert session.room == "Hall B"
    address = reverse("session_verb", args=[session.pk, "cancel"])
    client.post(address, {"version": session.version, "reason": "The road is closed"})
    assert "The road is closed" in body(signed_in(cast.owner).get(session.get_absolute_url()))


def test_a_change_says_what_it_led_to_and_no_more(cast):
    start = ahead(days=9).replace(second=0, microsecond=0)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=5)}
    session = SessionFactory(course=CourseFactory(office=cast.police), seats=1, **times)
    seat_for(cast.owner, session=session)
    seat_for(cast.colleague, session=session, state="waiting")
    client = signed_in(cast.other_component)
    address = reverse("session_edit", args=[session.pk])

    def changed(**fields: Any) -> str:
        session.refresh_from_db()
        times = when(session.starts_at, "starts_at") | when(session.ends_at, "ends_at")
        data = sent(seats="1", room=session.room, version=session.version) | times | fields
        page = words(body(client.post(address, data, follow=True)))
        assert "Session changed." in page
        return page

    said = changed(note="Bring boots")
    assert "another time or place" not in said
    assert "moved up" not in said
    said = changed(seats="2")
    assert "another time or place" not in said
    assert "1 moved up from the waiting list and is told." in said
    for fields in ({"room": "Tent 3"}, when(start + timedelta(hours=1), "starts_at")):
        assert "Those enrolled are told of another time or place." in changed(seats="2", **fields)


def test_a_seat_is_asked_for_and_answered_from_the_home_page(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police, title="First aid"))
    client = signed_in(cast.owner)
    assert "Ask for a seat" in words(body(client.get(session.get_absolute_url())))
    address = reverse("session_verb", args=[session.pk, "ask"])
    assert client.get(address).status_code == 200
    client.post(address, {"version": session.version})
    again = words(body(client.get(session.get_absolute_url())))
    assert "Waits for the office" in again or "waits for the office" in again
    assert "Ask for a seat" not in again
    (item,) = [one for one in waiting_for(cast.head) if one.label == "Answer"]
    assert item.title == f"{cast.owner} asks for a seat"
    seat = Enrolment.objects.unscoped(WHY).get()
    page = signed_in(cast.head).get(item.url)
    assert reverse("enrolment_verb", args=[seat.pk, "approve"]) in body(page)
    answer = signed_in(cast.head).post(
        reverse("enrolment_verb", args=[seat.pk, "approve"]), {"version": seat.version}, follow=True
    )
    assert "1 of 2" in words(body(answer))


def test_somebody_is_entered_by_name(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police))
    address = reverse("session_verb", args=[session.pk, "nominate"])
    client = signed_in(cast.head)
    assert client.get(address).status_code == 200
    data = {"version": session.version, "person": cast.owner.pk, "person_text": str(cast.owner)}
    assert "1 of 2" in words(body(client.post(address, data, follow=True)))
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "stands on this list already" in words(body(refused))


def test_who_may_be_entered_is_said_to_each_as_it_holds_for_them(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police))
    address = reverse("session_verb", args=[session.pk, "nominate"])
    assert "Of your office" in words(body(signed_in(cast.head).get(address)))
    given = words(body(signed_in(cast.other_component).get(address)))
    assert "Anybody with a post" in given
    assert "Of your office" not in given


def test_at_a_full_session_the_waiting_list_is_named_before_one_asks(cast):
    session = SessionFactory(course=CourseFactory(office=cast.police), seats=1)
    address = reverse("session_verb", args=[session.pk, "ask"])
    client = signed_in(cast.owner)
    assert "waiting list" not in words(body(client.get(address)))
    seat_for(cast.colleague, session=session)
    assert "onto the waiting list, which is empty" in words(body(client.get(address)))
    seat_for(cast.head, session=session, state="waiting")
    assert "onto the waiting list, after 1 who waits" in words(body(client.get(address)))


def test_marks_are_set_refused_and_closed(cast):
    course = CourseFactory(office=cast.police)
    session = SessionFactory(course=course, starts_at=ago(hours=8), ends_at=ago(hours=1))
    seat = seat_for(cast.owner, session=session)
    client = signed_in(cast.other_component)
    assert [one.label for one in waiting_for(cast.other_component)] == ["Mark"]
    address = reverse("session_marks", args=[session.pk])
    assert str(cast.owner) in body(client.get(address))
    data = {"version": session.version, f"{seat.pk}-came": "no", f"{seat.pk}-result": "passed"}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "absent has no result" in words(body(refused))
    assert client.post(address, data | {"version": 77, f"{seat.pk}-came": "yes"}).status_code == 409
    client.post(address, data | {f"{seat.pk}-came": "yes"})
    session.refresh_from_db()
    close = reverse("session_verb", args=[session.pk, "close"])
    assert "Results closed" in words(body(client.post(close, {"version": session.version}, follow=True)))
    mine = words(body(signed_in(cast.owner).get(reverse("training_home"))))
    assert course.title in mine
    assert "valid" in mine


def test_a_list_is_looked_at_and_entered(cast):
    session = SessionFactory(
        course=CourseFactory(office=cast.police), starts_at=ago(hours=8), ends_at=ago(hours=1)
    )
    seat_for(cast.owner, session=session)
    client = signed_in(cast.other_component)
    address = reverse("attendance_import", args=[session.pk])
    assert client.get(address).status_code == 200
    table = f"E-mail,Attendance,Result,Score\n{cast.owner.email},yes,passed,88\nnobody@example.org,yes,,\n"
    shown = client.post(address, {"file": io.BytesIO(table.encode())})
    text = words(body(shown))
    assert "1 line can be entered" in text
    assert "Nobody with this address" in text
    for wrong in (b"\xff\xfe", b"a,b\n1,2\n", b"E-mail,Attendance\n"):
        assert client.post(address, {"file": io.BytesIO(wrong)}).status_code == 422
    assert client.post(address, {"rows": "no json", "version": session.version}).status_code == 422
    rows = shown.context["sent"]
    answer = client.post(address, {"rows": rows, "version": session.version}, follow=True)
    assert "1 line entered" in words(body(answer))
    assert Enrolment.objects.unscoped(WHY).get().score == 88


def test_an_earlier_qualification_is_entered_with_its_proof_and_confirmed(cast):
    course = CourseFactory(office=cast.police, title="Driving")
    record = record_for(cast.owner)
    client = signed_in(cast.owner)
    address = reverse("earlier_add", args=[record.reference])
    assert client.get(address).status_code == 200
    days = {
        "issued_on": str(ago(days=20).date()),
        "expires_on": str(timezone.localdate() + timedelta(days=90)),
    }
    data = {"course": course.pk, "authority": "Peace school", **days}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "Peace school" in body(refused)
    answer = client.post(address, data | {"proof": picture()}, follow=True)
    assert "It counts once" in words(body(answer))
    held = Qualification.objects.visible_to(cast.owner).get()
    (item,) = waiting_for(cast.other_component)
    assert (item.label, item.url) == ("Confirm", held.get_absolute_url())
    proof = reverse("qualification_proof", args=[held.pk, held.proofs.visible_to(cast.owner).get().pk])
    assert signed_in(cast.other_component).get(proof)["Content-Type"].startswith("image/")
    assert signed_in(cast.partner).get(proof).status_code == 404
    confirm = reverse("qualification_verb", args=[held.pk, "confirm"])
    answer = signed_in(cast.other_component).post(confirm, {"version": held.version}, follow=True)
    assert "Confirmed" in words(body(answer))


class TestCertificate:
    def test_an_outsider_verifies_it_and_learns_no_more_than_stands_on_it(self, cast: Any) -> None:
        held = QualificationFactory(record=record_for(cast.owner), course__title="Convoy driving")
        paper = signed_in(cast.owner).get(reverse("certificate", args=[held.pk]))
        text = " ".join(" ".join(pages_of(paper.content)).split())
        for told in (
            str(cast.owner),
            "Convoy driving",
            " ".join(held.code[n : n + 4] for n in (0, 4, 8, 12)),
        ):
            assert told in text
        page = Client(headers={"host": "localhost"}).get(
            reverse("certificate_check", args=[held.code.lower()])
        )
        told = words(body(page))
        assert page.status_code == 200
        assert str(cast.owner) in told
        assert "valid" in told
        for hidden in (cast.owner.email, str(cast.team), held.record.reference):
            assert hidden not in body(page)

    def test_standard_and_authority_are_named_on_the_paper_alone(self, cast: Any) -> None:
        course = CourseFactory(standard="CPTM", edition="2017", authority="Peace school")
        held = QualificationFactory(record=record_for(cast.owner), course=course)
        paper = signed_in(cast.owner).get(reverse("certificate", args=[held.pk]))
        text = " ".join(" ".join(pages_of(paper.content)).split())
        assert "Standard CPTM 2017" in text
        assert "Issuing authority Peace school" in text
        # Whoever verifies it compares name, course and days: no more is told to everybody.
        check = reverse("certificate_check", args=[held.code])
        told = words(body(Client(headers={"host": "localhost"}).get(check)))
        assert str(course.title) in told
        assert "CPTM" not in told
        assert "Peace school" not in told
        course.standard = course.edition = ""
        course.save()
        again = signed_in(cast.owner).get(reverse("certificate", args=[held.pk]))
        assert "Standard" not in " ".join(pages_of(again.content))

    def test_the_code_may_be_typed_as_it_is_read_aloud(self, cast: Any) -> None:
        held = QualificationFactory(record=record_for(cast.owner))
        client = Client(headers={"host": "localhost"})
        assert client.get(reverse("certificate_ask")).status_code == 200
        typed = f"{held.code[:8].lower()} - {held.code[8:]}"
        answer = client.get(reverse("certificate_ask"), {"code": typed}, follow=True)
        assert str(cast.owner) in body(answer)

    @pytest.mark.parametrize("typed", ["Ä2 3ß", "名前", "١٢٣", "²", "-"])
    def test_what_no_code_is_written_in_is_no_certificate_either(self, typed: str) -> None:
        client = Client(headers={"host": "localhost"})
        answer = client.get(reverse("certificate_ask"), {"code": typed}, follow=True)
        assert answer.status_code == 404
        assert "No such certificate" in words(body(answer))

    @pytest.mark.parametrize("code", ["A", "2222222222222222", "x" * 300])
    def test_a_code_that_is_none_says_so(self, code: str) -> None:
        answer = Client(headers={"host": "localhost"}).get(reverse("certificate_check", args=[code]))
        assert answer.status_code == 404
        assert "No such certificate" in words(body(answer))

    def test_one_that_was_revoked_expired_or_waits_says_so(self, cast: Any) -> None:
        record = record_for(cast.owner)
        client = Client(headers={"host": "localhost"})
        for changed, told in (
            ({"revoked_at": timezone.now(), "reason": "Secret reason"}, "revoked"),
            ({"issued_on": ago(days=500).date()}, "expired"),
        ):
            held = QualificationFactory(record=record, **changed)
            page = words(body(client.get(reverse("certificate_check", args=[held.code]))))
            assert told in page
            assert "Secret" not in page
        waits = QualificationFactory(record=record, confirmed_at=None, confirmed_by=None)
        assert client.get(reverse("certificate_check", args=[waits.code])).status_code == 404


def test_records_follow_their_people_from_post_to_post(cast):
    record = record_for(cast.owner)
    holding = cast.owner.holdings.get()
    holding.until = timezone.now()
    holding.save()
    holding.position.pk, holding.position.title, holding.position.office = None, "Moved", cast.police
    holding.position.save()
    cast.owner.holdings.create(position=holding.position)
    posts_changed.send(sender=type(holding), person=cast.owner.pk)
    record.refresh_from_db()
    assert record.owner_office == cast.police
    assert signed_in(cast.other_component).get(record.get_absolute_url()).status_code == 200
    assert signed_in(cast.colleague).get(record.get_absolute_url()).status_code == 404


def test_the_sweep_makes_a_record_for_everybody_with_a_post(cast):
    assert signed_in(cast.partner).get(reverse("training_home")).status_code == 200
    made = follow_posts()
    assert made >= 9
    assert follow_posts() == 0
    listed = words(body(signed_in(cast.head).get(reverse("training_records"))))
    assert "Colleague" in listed
    assert "Partner" not in listed


@pytest.mark.parametrize(("hours", "days"), [(7, 1), (31, 2)])
def test_a_session_of_one_day_names_the_day_once(cast, hours, days):
    start = timezone.localtime(ahead(days=10)).replace(hour=9, minute=0, second=0, microsecond=0)
    session = SessionFactory(starts_at=start, ends_at=start + timedelta(hours=hours))
    page = words(body(signed_in(cast.outsider).get(session.get_absolute_url())))
    head = page.partition("On the seats")[0]
    assert head.count(day_text(start)) == 1
    assert len({day_text(start), day_text(session.ends_at)}) == days
    assert day_text(session.ends_at) in head
