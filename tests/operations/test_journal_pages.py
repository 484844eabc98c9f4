"""Pages of the execution: journal with its quick entry, decisions, who is who, what is new, SITREP."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Document
from operations.models import Operation, OperationLook, ReachedDecision, TaskProgress
from operations.services.looks import drop_old_looks, look_at
from operations.services.progress import ProgressInput, report_progress
from operations.services.review import FindingInput, add_finding
from tests.factories.core import DelegationFactory, PlaceFactory, ago
from tests.operations.journal_steps import a_point, a_task, entered, journal_of, under_way
from tests.operations.steps import WHY, post_of
from tests.support.pages import body, signed_in, words

pytestmark = pytest.mark.django_db


def at(operation, route="operation_journal", *more):
    return reverse(route, args=[operation.reference, *more])


def sent(text="Patrol has left", **more):
    return {"text": text, "kind": "report", "client_id": str(uuid4()), "draft": "journal-X"} | more


def test_an_entry_is_entered_and_stands_on_top(cast):
    operation, place = under_way(cast), PlaceFactory(name="Old ford")
    entered(operation, cast.other_component, "First")
    client = signed_in(cast.owner)
    given = sent("Second\nline", place=place.pk, place_text="Old ford", location="east bank", at_time="00:00")
    answer = client.post(at(operation), given)
    assert answer["Location"].endswith("/journal/#id_text")
    page = body(client.get(at(operation)))
    assert "Entered as 2." in words(page)
    assert 'data-tags="draft:journal-X"' in page
    assert "Second<br>line" in page
    assert page.index("First") > 0
    assert "Old ford" in page
    assert "east bank" in page
    entry = journal_of(operation)[-1]
    assert timezone.localtime(entry.happened_at).strftime("%H:%M") == "00:00"


def test_the_filter_and_the_entry_do_not_take_each_others_fields(cast):
    page = body(signed_in(cast.owner).get(at(under_way(cast))))
    names = re.findall(r' id="([^"]+)"', page)
    assert {"id_task", "filter_task"} <= set(names)
    assert len(names) == len(set(names))


def test_newest_first_under_the_days_of_the_missions_clock(cast):
    operation = under_way(cast)
    entered(operation, cast.owner, "Yesterday's", happened_at=timezone.now() - timedelta(days=1))
    entered(operation, cast.owner, "Today's")
    page = body(signed_in(cast.owner).get(at(operation)))
    assert page.index("Today&#x27;s") < page.index("Yesterday&#x27;s")
    assert page.count('class="journal-day"') == 2


def test_a_time_that_has_not_come_was_yesterday(cast):
    operation = under_way(cast)
    later = timezone.localtime() + timedelta(minutes=30)
    signed_in(cast.owner).post(at(operation), sent(at_time=f"{later:%H:%M}"))
    (entry,) = journal_of(operation)
    assert entry.happened_at < timezone.now()
    assert timezone.now() - entry.happened_at < timedelta(hours=24)


def test_the_form_sent_twice_is_entered_once(cast):
    operation, client, given = under_way(cast), signed_in(cast.owner), sent()
    client.post(at(operation), given)
    client.post(at(operation), given)
    assert "Stands already as 1." in words(body(client.get(at(operation))))
    assert len(journal_of(operation)) == 1
    answer = client.post(at(operation), given | {"text": "Patrol is back"})
    assert answer.status_code == 409
    page = body(answer)
    assert "stands as entry 1" in page
    assert "Patrol is back" in page
    # Under an id of its own it can be sent now.
    assert given["client_id"] not in page


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"text": " "}, "Fill this in"),
        ({"text": "x" * 4001}, "at most 4000"),
        ({"kind": "gossip"}, "Choose one of the values offered"),
        ({"at_time": "25:00"}, "Write the time as"),
        ({"on_day": "2020-01-01", "at_time": "10:00"}, "before the order was approved"),
        ({"on_day": "2099-01-01", "at_time": "10:00"}, "lies in the future"),
        ({"on_day": "2026-01-01"}, "Give the time, too"),
        ({"position": "nowhere"}, 'class="errorlist"'),
        ({"corrects": "99"}, "no entry of this number"),
        ({"state": "in_progress", "percent": "40"}, "Choose the task"),
        ({"percent": "40"}, "Say how the task stands"),
        ({"state": "in_progress"}, "Say how far"),
        ({"task": f"{uuid4()}:0"}, "Choose one of the values offered"),
        ({"kind": "contact", "is_urgent": "on"}, "Only a situation change"),
        ({"client_id": "mangled"}, "as a whole"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(cast, changed, told):
    operation = under_way(cast)
    given = sent("Crowd at the gate", location="north side") | changed
    answer = signed_in(cast.owner).post(at(operation), given)
    assert answer.status_code == 422
    page = body(answer)
    assert told in page
    assert "north side" in page
    assert journal_of(operation) == []


def test_progress_from_the_journal_and_somebody_else_meanwhile(cast):
    operation = under_way(cast)
    task = a_task(operation)
    client = signed_in(cast.owner)
    given = sent("Half are over", task=f"{task.key}:0", state="in_progress", percent="50")
    report_progress(task, ProgressInput("held_up", 10, "Flood"), actor=cast.head, version=0)
    answer = client.post(at(operation), given)
    assert answer.status_code == 409
    page = body(answer)
    assert "Somebody reported on this task meanwhile" in page
    assert "Half are over" in page
    assert f'value="{task.key}:1" selected' in page
    assert client.post(at(operation), given | {"task": f"{task.key}:1"}).status_code == 302
    assert TaskProgress.objects.unscoped(WHY).get(operation=operation).percent == 50
    assert journal_of(operation)[-1].kind == "progress"
    page = body(client.get(at(operation)))
    assert f"{task.title}</a>: In progress, 50 %" in page


def test_whoever_may_not_write_reads_and_is_told_why(cast):
    operation = under_way(cast)
    entered(operation, cast.owner, "Gauge at 2 m")
    client = signed_in(cast.partner)
    page = body(client.get(at(operation)))
    assert "Gauge at 2 m" in page
    assert "it reads the journal" in page
    assert "data-quick-form" not in page
    answer = client.post(at(operation), sent())
    assert answer.status_code == 403
    assert len(journal_of(operation)) == 1


def test_without_the_operation_there_is_nothing(cast):
    operation = under_way(cast, audience_components=[])
    entry = entered(operation, cast.owner)
    client = signed_in(cast.outsider)
    assert client.post(at(operation), sent()).status_code == 404
    for route, more in (
        ("operation_journal", ()),
        ("journal_entry", (entry.number,)),
        ("journal_strike", (entry.number,)),
        ("operation_live", ()),
        ("operation_changes", ()),
        ("operation_who", ()),
        ("operation_sitrep", ()),
        ("tasks_live", ()),
        ("decision_take", (1,)),
    ):
        assert client.get(at(operation, route, *more)).status_code == 404


def test_filters_narrow_and_are_kept_in_the_files(cast):
    operation, other = under_way(cast), under_way(cast, title="Other")
    task = a_task(operation)
    entered(operation, cast.owner, "About the task", task=task.key)
    entered(operation, cast.other_component, "By the police", kind="contact")
    entered(other, cast.owner, "Elsewhere")
    client = signed_in(cast.owner)

    def found(**query):
        page = body(client.get(at(operation), query))
        return {word for word in ("About the task", "By the police", "Elsewhere") if word in page}

    assert found() == {"About the task", "By the police"}
    assert found(kind="contact") == {"By the police"}
    assert found(task=str(task.key)) == {"About the task"}
    assert found(office=str(cast.police.pk)) == {"By the police"}
    assert found(since=f"{timezone.localdate() + timedelta(days=1)}") == set()
    assert found(q="task") == {"About the task"}
    # Nobody reaches another operation through a parameter.
    assert found(operation=other.reference) == {"About the task", "By the police"}
    assert "This list has no filter" in body(client.get(at(operation), {"author": "1"}))
    page = body(client.get(at(operation), {"kind": "contact"}))
    assert f"/operations/journal/export.csv?kind=contact&amp;operation={operation.reference}" in page
    answer = client.get(
        "/operations/journal/export.csv", {"kind": "contact", "operation": operation.reference}
    )
    text = answer.getvalue().decode()
    assert "By the police" in text
    assert "About the task" not in text


def test_pages_of_fifty_by_keyset(cast):
    operation = under_way(cast)
    for number in range(55):
        entered(operation, cast.owner, f"Entry {number:02}")
    client = signed_in(cast.owner)
    answer = client.get(at(operation))
    page = body(answer)
    assert "Entry 54" in page
    assert "Entry 03" not in page
    following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = body(client.get(at(operation) + following))
    assert "Entry 03" in second
    assert "Entry 54" not in second


def test_the_list_alone_answers_the_live_stream(cast):
    operation = under_way(cast)
    entered(operation, cast.other_component, "Gauge at 2 m")
    client = signed_in(cast.owner)
    part = body(client.get(at(operation), headers={"HX-Request": "true"}))
    assert part.strip().startswith('<section id="journal"')
    assert f'data-stream-topic="operation:{operation.reference}"' in part
    assert f'data-stream-refresh="{at(operation)}"' in part
    assert "<html" not in part
    assert 'data-new="1"' in part
    # One's own entries are not new to oneself.
    own = body(signed_in(cast.other_component).get(at(operation), headers={"HX-Request": "true"}))
    assert "data-new" not in own


def test_an_entry_is_struck_with_a_reason_and_stays_readable(cast):
    operation = under_way(cast)
    entered(operation, cast.owner, "Three trucks")
    client = signed_in(cast.owner)
    address = at(operation, "journal_strike", 1)
    assert "Three trucks" in body(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Four of them"}).status_code == 302
    page = body(client.get(at(operation)))
    assert '<del class="entry-text">Three trucks</del>' in page
    assert "Four of them" in page
    assert client.get(address).status_code == 403
    assert signed_in(cast.other_component).get(address).status_code == 403


def test_an_entry_by_itself_names_what_corrects_it(cast):
    operation = under_way(cast)
    entered(operation, cast.owner, "Three trucks")
    client = signed_in(cast.other_component)
    assert 'value="1"' in body(client.get(at(operation), {"correct": "1"}))
    client.post(at(operation), sent("Four trucks", corrects="1"))
    page = words(body(client.get(at(operation, "journal_entry", 1))))
    assert "Corrected by No. 2" in page
    assert "Corrects No. 1" in words(body(client.get(at(operation, "journal_entry", 2))))
    assert client.get(at(operation, "journal_entry", 3)).status_code == 404


# Decision points


def test_a_decision_point_is_reached_decided_and_shown(cast):
    operation = under_way(cast)
    point = a_point(operation, decider=post_of(cast.head_above))
    client = signed_in(cast.other_component)
    assert "Close the ford" in body(client.get(at(operation)))
    client.post(at(operation), sent("Gauge at 2.1 m", decision=str(point.key)))
    assert journal_of(operation)[0].kind == "situation"
    reached = ReachedDecision.objects.unscoped(WHY).get()
    address = at(operation, "decision_take", reached.pk)
    assert client.get(address).status_code == 403
    head = signed_in(cast.head_above)
    assert address in body(head.get(at(operation, "operation")))
    page = body(head.get(address))
    assert "The gauge is above two metres" in page
    assert "Traffic takes the bridge" in page
    assert head.post(address, {"version": 1, "decision": "Close it", "reason": ""}).status_code == 422
    assert head.post(address, {"version": 7, "decision": "Close it", "reason": "Water"}).status_code == 409
    answer = head.post(address, {"version": 1, "decision": "Close it", "reason": "Three trucks turned back"})
    assert answer.status_code == 302
    for route in ("operation", "plan_decisions"):
        shown = body(client.get(at(operation, route)))
        assert "Close it" in shown
        assert "Three trucks turned back" in shown
    # It is offered no more.
    assert f'value="{point.key}"' not in body(client.get(at(operation)))


# What is new


def test_what_others_did_since_the_last_visit_is_shown(cast):
    operation = under_way(cast)
    task = a_task(operation)
    client = signed_in(cast.owner)
    client.get(at(operation, "operation"))
    OperationLook.objects.filter(operation=operation).update(looked_at=ago(hours=2))
    entered(operation, cast.other_component, "Gauge at 2.1 m")
    entered(operation, cast.owner, "My own entry")
    report_progress(task, ProgressInput("in_progress", 30), actor=cast.head, version=0)
    add_finding(operation, FindingInput("Pumps were late", "Order early"), actor=cast.other_component)
    page = words(body(client.get(at(operation, "operation"))))
    for line in ("Gauge at 2.1 m", "Escort to the ford", "Pumps were late"):
        assert line in page
    assert "My own entry" not in page.partition("Purpose")[0]
    # A reload shows the same; the next visit does not.
    assert "Gauge at 2.1 m" in words(body(client.get(at(operation, "operation_changes"))))
    OperationLook.objects.filter(operation=operation).update(looked_at=timezone.now() + timedelta(seconds=1))
    OperationLook.objects.filter(operation=operation).update(before=timezone.now())
    assert "Nothing: no entry" in words(body(client.get(at(operation, "operation_changes"))))


def test_looks_are_dropped_after_a_year(cast):
    operation = under_way(cast)
    look_at(operation, actor=cast.owner)
    assert drop_old_looks() == 0
    OperationLook.objects.update(looked_at=ago(days=400))
    assert drop_old_looks() == 1


def test_state_is_told_live(cast):
    operation = under_way(cast)
    client = signed_in(cast.owner)
    page = body(client.get(at(operation, "operation_journal")))
    assert f"{at(operation, 'operation_live')}?shown=active" in page
    Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(state="suspended")
    part = words(body(client.get(at(operation, "operation_live"), {"shown": "active"})))
    assert "suspended" in part
    assert "load the page again" in part


def test_progress_cells_follow(cast):
    operation = under_way(cast)
    task = a_task(operation)
    report_progress(task, ProgressInput("in_progress", 30), actor=cast.owner, version=0)
    part = body(signed_in(cast.other_component).get(at(operation, "tasks_live")))
    assert f'id="progress-{task.key}" hx-swap-oob="true"' in part
    assert "30 %" in part


# Who is who


def test_the_card_names_posts_holders_and_deputies(cast):
    operation = under_way(cast)
    cast.other_component.phone = "+123 456"
    cast.other_component.save()
    given = {"position": post_of(cast.other_component), "delegator": cast.other_component}
    DelegationFactory(**given, delegate=cast.group_member)
    page = words(body(signed_in(cast.partner).get(at(operation, "operation_who"))))
    for told in (
        "Liaison team",
        "Support",
        "+123 456",
        "Other",
        "Member",
        "Approves",
        "Above",
        "Command and signal",
    ):
        assert told in page


# SITREP


def test_a_sitrep_is_asked_for(cast):
    operation = under_way(cast)
    client = signed_in(cast.owner)
    assert "SITREP" in body(client.get(at(operation)))
    until = timezone.localtime()
    given = {
        "since_0": f"{until - timedelta(days=2):%Y-%m-%d}",
        "since_1": "06:00",
        "until_0": f"{until:%Y-%m-%d}",
        "until_1": f"{until:%H:%M}",
        "office": cast.team.pk,
        "form": "pdf",
    }
    address = at(operation, "operation_sitrep")
    assert client.get(address).status_code == 200
    wrong = client.post(address, given | {"until_0": "2020-01-01"})
    assert "The end lies before the start" in body(wrong)
    assert "A report covers a year" in body(client.post(address, given | {"since_0": "2020-01-01"}))
    assert client.post(address, given | {"office": cast.police.pk}).status_code == 422
    assert client.post(address, given).status_code == 302
    document = Document.objects.unscoped(WHY).get()
    assert document.parameters["operation"] == operation.reference
    assert operation.title not in document.title


def test_all_journals_stand_in_one_list(cast):
    for title in ("Market days", "Harvest"):
        entered(under_way(cast, title=title), cast.owner, f"Of {title}")
    page = body(signed_in(cast.owner).get("/operations/journal/"))
    assert "Of Market days" in page
    assert "Of Harvest" in page
