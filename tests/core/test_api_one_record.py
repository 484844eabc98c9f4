"""One row in the API, each noun: what it says, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cimic_portal.core.models import Document, Notification
from cimic_portal.core.services.documents import ask_for_document
from liaison.reports.sitrep_maker import KIND
from tests.factories.cast import Cast, make_cast
from tests.factories.core import AreaFactory, PlaceFactory
from tests.factories.liaison import CommitmentFactory, EngagementFactory, TaskingFactory
from tests.support.outbox import deliver_waiting
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _office(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"offices/{cast.team.pk}", {
        "name": "Liaison team",
        "organisation": {"id": cast.mission.pk, "name": "Mission in Carana"},
        "part_of": {"id": cast.sector.pk, "name": "Sector North"},
    }


def _organisation(cast: Cast) -> tuple[str, dict[str, Any]]:
    return f"organisations/{cast.partner_organisation.pk}", {"name": "Relief Carana", "is_mission": False}


def _position(cast: Cast) -> tuple[str, dict[str, Any]]:
    post = cast.head.holdings.get().position
    return f"positions/{post.pk}", {
        "title": post.title,
        "is_head": True,
        "held_by": [{"id": cast.head.pk, "name": str(cast.head)}],
    }


def _area(_cast: Cast) -> tuple[str, dict[str, Any]]:
    area = AreaFactory(name="Dessa")
    return f"areas/{area.pcode}", {"pcode": area.pcode, "name": "Dessa", "part_of": "CN"}


def _place(_cast: Cast) -> tuple[str, dict[str, Any]]:
    place = PlaceFactory(name="Old well")
    return f"places/{place.pk}", {"name": "Old well", "mgrs": "34N BK 28077 82362", "latitude": "4.360000"}


@pytest.mark.parametrize("made", [_office, _organisation, _position, _area, _place])
def test_reference_data_is_read_by_everyone_with_a_post(
    cast: Cast, made: Callable[[Cast], tuple[str, dict[str, Any]]]
) -> None:
    path, expected = made(cast)
    for reader in (cast.owner, cast.partner):
        answer = signed_in(reader).get(f"/api/v1/{path}/")
        assert answer.status_code == 200
        assert {name: answer.json()[name] for name in expected} == expected
    assert signed_in(cast.postless).get(f"/api/v1/{path}/").status_code == 403


def test_a_tasking_is_read_by_those_whom_it_concerns(cast: Cast) -> None:
    post = cast.owner.holdings.get().position
    tasking = TaskingFactory(owner_office=cast.hq, author=cast.head_above, assignee=post, published=True)
    told = signed_in(cast.owner).get(f"/api/v1/taskings/{tasking.reference}/").json()
    assert (told["title"], told["assignee"]["id"], told["state"]) == (tasking.title, post.pk, "issued")
    for person in (cast.partner, cast.outsider):
        assert signed_in(person).get(f"/api/v1/taskings/{tasking.reference}/").status_code == 404


def test_a_promise_is_read_with_its_engagement(cast: Cast) -> None:
    met = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    promise = CommitmentFactory(engagement=met, organisation=cast.partner_organisation)
    told = signed_in(cast.colleague).get(f"/api/v1/promises/{promise.pk}/").json()
    assert (told["what"], told["engagement"]) == (promise.what, met.reference)
    assert told["organisation"]["name"] == "Relief Carana"
    assert signed_in(cast.partner).get(f"/api/v1/promises/{promise.pk}/").status_code == 404


def test_the_file_of_a_document_is_fetched_by_those_who_see_its_sources(cast: Cast) -> None:
    EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    asked = ask_for_document(
        KIND,
        "xlsx",
        {"office": cast.team.pk, "since": "2026-01-01", "last": "2026-12-31"},
        office=cast.team,
        actor=cast.owner,
        title="Week 46",
    )
    deliver_waiting()
    made = Document.objects.visible_to(cast.owner).get(pk=asked.pk)
    answer = signed_in(cast.owner).get(f"/api/v1/documents/{made.reference}/file/")
    assert f'filename="{made.reference}.xlsx"' in answer["Content-Disposition"]
    assert len(b"".join(answer.streaming_content)) == made.size > 0
    assert signed_in(cast.partner).get(f"/api/v1/documents/{made.reference}/file/").status_code == 404


def test_a_line_is_marked_as_read_by_its_own_reader(cast: Cast) -> None:
    met = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    line = Notification.objects.create(
        person=cast.owner, kind="engagement.released", record_model=met._meta.label, record_id=met.pk
    )
    address = f"/api/v1/notifications/{line.pk}/read/"
    assert signed_in(cast.colleague).post(address).status_code == 404
    line.refresh_from_db()
    assert line.read_at is None
    assert signed_in(cast.owner).post(address).status_code == 204
    line.refresh_from_db()
    assert line.read_at is not None
