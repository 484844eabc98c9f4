"""The journal in the API: entered once however often it is sent, read by filters, struck; decisions taken."""

from __future__ import annotations

from uuid import uuid4

import pytest

from operations.models import ReachedDecision, TaskProgress
from tests.factories.core import PlaceFactory
from tests.operations.journal_steps import a_point, a_task, entered, journal_of, under_way
from tests.operations.steps import WHY, post_of
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
JSON = "application/json"


def base(operation, rest="journal/"):
    return f"/api/v1/operations/{operation.reference}/{rest}"


def test_entered_once_however_often_it_is_sent(cast):
    operation, client = under_way(cast), signed_in(cast.owner)
    sent = {"text": "Ford is open", "client_id": str(uuid4()), "position": "4.36, 18.55"}
    first = client.post(base(operation), sent, content_type=JSON)
    again = client.post(base(operation), sent, content_type=JSON)
    other = client.post(base(operation), sent | {"text": "Ford is shut"}, content_type=JSON)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert first.json()["number"] == 1
    assert first.json()["latitude"] == "4.360000"
    assert other.json()["code"] == "sent_otherwise"
    assert len(journal_of(operation)) == 1


def test_everything_that_an_entry_may_say(cast):
    operation, client = under_way(cast), signed_in(cast.owner)
    task, point = a_task(operation), a_point(operation, decider=post_of(cast.head))
    client.post(base(operation), {"text": "First"}, content_type=JSON)
    sent = {
        "text": "Gauge at 2.1 m",
        "kind": "situation",
        "place": PlaceFactory().pk,
        "location": "east bank",
        "task": str(task.key),
        "progress": {"state": "held_up", "percent": 30, "version": 0},
        "decision": str(point.key),
        "is_urgent": True,
        "corrects": 1,
    }
    answer = client.post(base(operation), sent, content_type=JSON)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["corrects"], told["task_title"], told["reported_percent"]) == (1, task.title, 30)
    assert TaskProgress.objects.unscoped(WHY).get().state == "held_up"
    stale = client.post(base(operation), sent | {"decision": None}, content_type=JSON)
    assert stale.status_code == 409
    (reached,) = client.get(base(operation, "reached/")).json()
    assert (reached["title"], reached["entry"]) == ("Close the ford", 2)
    address = base(operation, f"reached/{reached['id']}/decide/")
    decided = {"version": 1, "decision": "Close it", "reason": "Water"}
    assert client.post(address, decided, content_type=JSON).status_code == 403
    head = signed_in(cast.head)
    assert head.post(address, decided, content_type=JSON).json()["decision"] == "Close it"
    assert head.post(address, decided, content_type=JSON).status_code == 403
    assert ReachedDecision.objects.unscoped(WHY).get().decided_by == cast.head


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "text"),
        ({"text": "x", "kind": "gossip"}, "kind"),
        ({"text": "x", "position": "nowhere"}, "position"),
        ({"text": "x", "happened_at": "2099-01-01T00:00:00Z"}, "happened_at"),
        ({"text": "x", "client_id": "mangled"}, "client_id"),
        ({"text": "x", "corrects": 10**12}, "corrects"),
        ({"text": "x", "task": str(uuid4())}, "task"),
        ({"text": "\x00"}, "text"),
        ({"text": "x", "progress": {"state": "done"}}, "progress.percent"),
    ],
)
def test_problems_name_their_field(cast, sent, field):
    operation = under_way(cast)
    answer = signed_in(cast.owner).post(base(operation), sent, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert field in answer.json()["errors"]
    assert journal_of(operation) == []


def test_filters_are_those_of_the_page_within_the_operation(cast):
    operation, other = under_way(cast), under_way(cast, title="Other")
    entered(operation, cast.owner, "A report")
    entered(operation, cast.owner, "A call", kind="contact")
    entered(other, cast.owner, "Elsewhere")
    client = signed_in(cast.partner)
    found = client.get(base(operation), {"kind": "contact"}).json()
    assert [row["text"] for row in found["results"]] == ["A call"]
    assert client.get(base(operation), {"operation": other.reference}).json()["count"] == 2
    assert client.get(base(operation), {"nonsense": "1"}).status_code == 422
    one = found["results"][0]
    assert client.get(base(operation, f"journal/{one['id']}/")).json() == one
    first = client.get(base(operation), {"limit": "1"}).json()
    assert client.get(first["next"]).json()["results"][0]["text"] == "A report"


def test_struck_by_its_author_with_a_reason(cast):
    operation = under_way(cast)
    entry = entered(operation, cast.owner, "Three trucks")
    address = base(operation, f"journal/{entry.pk}/strike/")
    assert signed_in(cast.partner).post(address, {"reason": "No"}, content_type=JSON).status_code == 403
    client = signed_in(cast.owner)
    assert client.post(address, {}, content_type=JSON).status_code == 422
    told = client.post(address, {"reason": "Four"}, content_type=JSON).json()
    assert (told["struck_reason"], told["text"]) == ("Four", "Three trucks")
    assert client.post(address, {"reason": "Again"}, content_type=JSON).status_code == 403


def test_whoever_is_only_informed_is_refused(cast):
    operation = under_way(cast)
    answer = signed_in(cast.partner).post(base(operation), {"text": "x"}, content_type=JSON)
    assert answer.status_code == 403
    assert "reads the journal" in answer.json()["detail"]
