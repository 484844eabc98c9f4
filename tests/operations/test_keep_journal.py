"""The journal: entered once however often it is sent, struck and never deleted, and what follows from it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, transaction
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import OutboxEntry, StreamEvent
from operations.models import JournalEntry, Operation, ReachedDecision, TaskProgress
from operations.services.decisions import decide_point
from operations.services.journal import SentOtherwiseError, add_entry, strike_entry
from operations.services.journal_inputs import EntryInput, ReportedProgress
from operations.services.progress import ProgressInput, report_progress
from tests.factories.core import DelegationFactory, HoldingFactory, PlaceFactory, PositionFactory, ago
from tests.operations.journal_steps import a_point, a_task, entered, journal_of, under_way
from tests.operations.steps import WHY, post_of

pytestmark = pytest.mark.django_db


def told(kind):
    return [entry.payload for entry in OutboxEntry.objects.filter(kind="core.tell", payload__kind=kind)]


def announced(operation):
    return list(
        StreamEvent.objects.filter(record_id=operation.pk).order_by("pk").values_list("kind", flat=True)
    )


def test_an_entry_says_when_where_who_and_what(cast):
    operation, place = under_way(cast), PlaceFactory()
    when = ago(hours=2)
    entry = entered(
        operation,
        cast.other_component,
        " Crowd at the gate ",
        happened_at=when,
        place=place,
        location="north side",
    )
    entry.refresh_from_db()
    assert (entry.number, entry.text, entry.kind) == (1, "Crowd at the gate", "report")
    assert entry.happened_at == when
    assert entry.position == post_of(cast.other_component)
    place.refresh_from_db()
    assert (entry.latitude, entry.longitude) == (place.latitude, place.longitude)
    assert entry.where == f"{place}, north side"
    assert announced(operation) == ["journal.added"]
    assert StreamEvent.objects.get().part_id == entry.pk


def test_without_a_time_it_happened_now(cast):
    entry = entered(under_way(cast), cast.owner)
    assert timezone.now() - entry.happened_at < timedelta(minutes=1)


def test_numbers_have_no_gap_also_after_a_refusal(cast):
    operation = under_way(cast)
    entered(operation, cast.owner)
    with pytest.raises(InvalidError):
        entered(operation, cast.owner, "  ")
    entered(operation, cast.colleague)
    assert [entry.number for entry in journal_of(operation)] == [1, 2]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"is_urgent": True}, "is_urgent"),
        ({"happened_at": timezone.now() + timedelta(hours=1)}, "happened_at"),
        ({"happened_at": timezone.now() - timedelta(days=30)}, "happened_at"),
        ({"corrects": 7}, "corrects"),
        ({"task": uuid4()}, "task"),
        ({"decision": uuid4()}, "decision"),
        ({"decision": uuid4(), "kind": "situation"}, "decision"),
        ({"progress": ReportedProgress("in_progress", 40, 0)}, "task"),
        ({"latitude": 4}, "position"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_entered(cast, changed, field):
    operation = under_way(cast)
    with pytest.raises(InvalidError) as told_why:
        entered(operation, cast.owner, **changed)
    assert field in told_why.value.fields
    assert journal_of(operation) == []


def test_the_same_sent_twice_is_entered_once(cast):
    operation, sent = under_way(cast), EntryInput("Ford is open", client_id=uuid4())
    first = add_entry(operation, sent, actor=cast.owner)
    again = add_entry(operation, sent, actor=cast.owner)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.entry == first.entry
    assert len(journal_of(operation)) == 1


def test_other_words_under_the_same_id_are_refused(cast):
    operation, key = under_way(cast), uuid4()
    add_entry(operation, EntryInput("Ford is open", client_id=key), actor=cast.owner)
    for sent, actor in (
        (EntryInput("Ford is shut", client_id=key), cast.owner),
        (EntryInput("Ford is open", client_id=key, kind="situation"), cast.owner),
        (EntryInput("Ford is open", client_id=key), cast.colleague),
    ):
        with pytest.raises(SentOtherwiseError) as met:
            add_entry(operation, sent, actor=actor)
        assert (met.value.status, met.value.entry.number) == (409, 1)
    assert len(journal_of(operation)) == 1


def test_what_was_entered_is_answered_also_when_the_operation_has_ended(cast):
    operation, sent = under_way(cast), EntryInput("Ford is open", client_id=uuid4())
    add_entry(operation, sent, actor=cast.owner)
    Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(state="completed")
    assert not add_entry(operation, sent, actor=cast.owner).is_new
    with pytest.raises(RefusedError):
        add_entry(operation, EntryInput("Late"), actor=cast.owner)


def test_the_position_that_takes_part_goes_before_others(cast):
    operation = under_way(cast)
    elsewhere = PositionFactory(office=cast.hq)
    HoldingFactory(person=cast.colleague, position=elsewhere)
    assert entered(operation, cast.colleague).position.office == cast.team
    # The delegate is of the police, and deputises for the owner: held ones go first.
    assert entered(operation, cast.delegate).position.office == cast.police


def test_struck_entries_stay_with_the_reason(cast):
    operation = under_way(cast)
    entry = entered(operation, cast.owner)
    with pytest.raises(InvalidError):
        strike_entry(entry, actor=cast.owner, reason=" ")
    struck = strike_entry(entry, actor=cast.owner, reason="Wrong ford")
    assert (struck.struck_by, struck.struck_reason) == (cast.owner, "Wrong ford")
    assert struck.text == "Patrol has left"
    trail = entry.events.unscoped(WHY).order_by("pgh_id")
    assert [(event.pgh_label, event.pgh_context["verb"]) for event in trail] == [
        ("insert", "journal.add"),
        ("update", "journal.strike"),
    ]
    assert announced(operation) == ["journal.added", "journal.struck"]
    with pytest.raises(RefusedError):
        strike_entry(entry, actor=cast.owner, reason="Again")


def test_the_database_keeps_what_was_written(cast):
    entry = entered(under_way(cast), cast.owner)
    rows = JournalEntry.objects.unscoped(WHY).filter(pk=entry.pk)
    struck = {"struck_at": timezone.now(), "struck_by": cast.owner, "struck_reason": "Wrong"}
    for change in ({"text": "Otherwise"}, {"number": 9}, {**struck, "text": "Otherwise"}):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        rows.delete()
    rows.update(**struck)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        rows.update(struck_at=None, struck_by=None, struck_reason="")


def test_a_correction_names_what_it_corrects(cast):
    operation = under_way(cast)
    wrong = entered(operation, cast.owner, "Three trucks")
    right = entered(operation, cast.colleague, "Four trucks", corrects=1)
    assert right.corrects == wrong


# Tasks


def test_progress_is_reported_in_the_same_step(cast):
    operation = under_way(cast)
    task = a_task(operation)
    entry = entered(
        operation,
        cast.owner,
        "Half of the trucks are over",
        kind="progress",
        task=task.key,
        progress=ReportedProgress("in_progress", 50, 0),
    )
    progress = TaskProgress.objects.unscoped(WHY).get(operation=operation)
    assert (progress.state, progress.percent, progress.note) == (
        "in_progress",
        50,
        "Half of the trucks are over",
    )
    assert (entry.task_title, entry.reported_state, entry.reported_percent) == (task.title, "in_progress", 50)
    assert announced(operation) == ["journal.added", "task.progress"]


def test_progress_that_is_refused_enters_nothing(cast):
    operation = under_way(cast)
    task = a_task(operation)
    report_progress(task, ProgressInput("in_progress", 10), actor=cast.owner, version=0)
    seen = ReportedProgress("done", 100, 0)
    with pytest.raises(StaleError):
        entered(operation, cast.owner, task=task.key, progress=seen)
    # The police do not do this task.
    with pytest.raises(InvalidError) as why:
        entered(operation, cast.other_component, task=task.key, progress=ReportedProgress("done", 100, 1))
    assert "task" in why.value.fields
    assert journal_of(operation) == []
    assert TaskProgress.objects.unscoped(WHY).get(operation=operation).percent == 10


def test_a_task_is_named_by_everybody_who_writes(cast):
    operation = under_way(cast)
    task = a_task(operation)
    assert entered(operation, cast.other_component, task=task.key).task_key == task.key


# News


def test_urgent_entries_tell_all_who_take_part_and_others_do_not(cast):
    operation = under_way(cast)
    entered(operation, cast.owner, kind="situation")
    assert told("operation.urgent") == []
    entered(operation, cast.other_component, "Shots at the market", kind="situation", is_urgent=True)
    (payload,) = told("operation.urgent")
    expected = {post_of(cast.head).pk, post_of(cast.other_component).pk, post_of(cast.partner).pk}
    assert set(payload["positions"]) == expected | {operation.approver_id}
    assert payload["people"] == [cast.owner.pk]


# Decision points


def reached_by(operation, actor, point):
    entered(operation, actor, "Gauge at 2.1 m", kind="situation", decision=point.key)
    return (
        ReachedDecision.objects.unscoped(WHY)
        .select_related("operation", "decider")
        .get(decision_key=point.key)
    )


def test_a_situation_change_reaches_a_decision_point(cast):
    operation = under_way(cast)
    point = a_point(operation, decider=post_of(cast.head))
    reached = reached_by(operation, cast.other_component, point)
    assert (reached.title, reached.condition, reached.follows) == (
        point.title,
        point.condition,
        point.follows,
    )
    assert [payload["positions"] for payload in told("operation.decision_reached")] == [
        [post_of(cast.head).pk]
    ]
    with pytest.raises(InvalidError) as why:
        entered(operation, cast.owner, "Gauge at 2.2 m", kind="situation", decision=point.key)
    assert "entry 1" in str(why.value)
    assert announced(operation) == ["journal.added", "decision.reached"]


def test_what_was_decided_is_recorded_and_entered(cast):
    operation = under_way(cast)
    reached = reached_by(operation, cast.other_component, a_point(operation, decider=post_of(cast.head)))
    given = {"decision": "Close the ford until Sunday", "reason": "Three vehicles turned back"}
    with pytest.raises(InvalidError):
        decide_point(reached, actor=cast.head, version=1, decision="Close", reason=" ")
    with pytest.raises(StaleError):
        decide_point(reached, actor=cast.head, version=9, **given)
    decide_point(reached, actor=cast.head, version=1, **given)
    reached.refresh_from_db()
    assert (reached.decided_by, reached.decision, reached.version) == (cast.head, given["decision"], 2)
    decision = journal_of(operation)[-1]
    assert (decision.kind, decision.author) == ("decision", cast.head)
    assert "Close the ford until Sunday. Reason: Three vehicles turned back" in decision.text
    assert len(told("operation.decision_taken")) == 1
    with pytest.raises(RefusedError):
        decide_point(reached, actor=cast.head, version=2, **given)


def test_a_struck_entry_takes_back_what_it_reached(cast):
    operation = under_way(cast)
    point = a_point(operation, decider=post_of(cast.head))
    reached = reached_by(operation, cast.other_component, point)
    strike_entry(journal_of(operation)[0], actor=cast.owner, reason="Wrong gauge")
    reached.refresh_from_db()
    assert reached.withdrawn_at is not None
    # It can be reached again.
    entered(operation, cast.owner, "Gauge at 2.3 m", kind="situation", decision=point.key)
    assert ReachedDecision.objects.unscoped(WHY).standing().count() == 1


def test_an_entry_on_which_a_decision_rests_is_corrected_not_struck(cast):
    operation = under_way(cast)
    reached = reached_by(operation, cast.owner, a_point(operation, decider=post_of(cast.head)))
    decide_point(reached, actor=cast.head, version=1, decision="Close", reason="Water")
    for entry in journal_of(operation):
        with pytest.raises(RefusedError, match="decision rests"):
            strike_entry(entry, actor=cast.owner, reason="Wrong")


def test_a_delegate_decides_for_the_position(cast):
    operation = under_way(cast)
    reached = reached_by(operation, cast.owner, a_point(operation, decider=post_of(cast.head)))
    DelegationFactory(position=post_of(cast.head), delegator=cast.head, delegate=cast.colleague)
    colleague = type(cast.colleague).objects.get(pk=cast.colleague.pk)
    decided = decide_point(reached, actor=colleague, version=1, decision="Close", reason="Water")
    assert decided.decided_entry.position == post_of(cast.head)
