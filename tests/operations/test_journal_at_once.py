"""Many who write in one journal at once, each with a connection of their own: nothing is lost or doubled."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cimic_portal.core.errors import StaleError
from cimic_portal.core.models import Person, StreamEvent
from operations.models import TaskProgress
from operations.services.journal import add_entry, strike_entry
from operations.services.journal_inputs import EntryInput, ReportedProgress
from operations.services.progress import ProgressInput, report_progress
from tests.factories.cast import Cast, make_cast
from tests.operations.journal_steps import a_point, a_task, entered, journal_of, under_way
from tests.operations.steps import WHY
from tests.support.threads import AtOnce

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def of(person):
    """As a request of its own reads the person."""
    return Person.objects.get(pk=person.pk)


def test_nothing_is_lost_or_doubled(cast):
    """Four connections enter 40 entries, each sent twice, as a bad link does."""
    operation = under_way(cast)
    people = [cast.owner, cast.colleague, cast.head, cast.other_component]
    sent = [(people[n % 4], EntryInput(f"Entry {n}", client_id=uuid4())) for n in range(40)]
    with AtOnce() as at_once:
        for person, data in [*sent, *sent]:
            at_once.start(lambda person=person, data=data: add_entry(operation, data, actor=of(person)))
        outcomes = at_once.outcomes()
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert sum(one.is_new for one in outcomes) == 40
    entries = journal_of(operation)
    assert [entry.number for entry in entries] == list(range(1, 41))
    assert {entry.text for entry in entries} == {data.text for _person, data in sent}
    told = StreamEvent.objects.filter(kind="journal.added").values_list("part_id", flat=True)
    assert sorted(told) == sorted(entry.pk for entry in entries)


def test_progress_by_form_and_by_journal_at_once_is_told_to_one_of_them(cast):
    operation = under_way(cast)
    task = a_task(operation)
    entry = EntryInput("Half", task=task.key, progress=ReportedProgress("in_progress", 50, 0))
    with AtOnce() as at_once:
        at_once.start(lambda: add_entry(operation, entry, actor=of(cast.owner)))
        at_once.start(
            lambda: report_progress(task, ProgressInput("in_progress", 20), actor=of(cast.head), version=0)
        )
        outcomes = at_once.outcomes()
    assert sum(isinstance(one, StaleError) for one in outcomes) == 1
    progress = TaskProgress.objects.unscoped(WHY).get()
    assert len(journal_of(operation)) == (1 if progress.percent == 50 else 0)


def test_a_decision_point_is_reached_once(cast):
    operation = under_way(cast)
    point = a_point(operation)
    with AtOnce() as at_once:
        for person in (cast.owner, cast.colleague, cast.head):
            data = EntryInput("Gauge at 2.1 m", kind="situation", decision=point.key)
            at_once.start(lambda person=person, data=data: add_entry(operation, data, actor=of(person)))
        outcomes = at_once.outcomes()
    assert sum(isinstance(one, Exception) for one in outcomes) == 2
    assert len(journal_of(operation)) == 1


def test_an_entry_is_struck_once(cast):
    operation = under_way(cast)
    entry = entered(operation, cast.owner)
    with AtOnce() as at_once:
        for person in (cast.owner, cast.head):
            at_once.start(
                lambda person=person: strike_entry(entry, actor=of(person), reason=person.family_name)
            )
        outcomes = at_once.outcomes()
    assert sum(isinstance(one, Exception) for one in outcomes) == 1
    assert journal_of(operation)[0].struck_reason in ("Owner", "Head")
