"""One entry of the outbox: claimed, done once, tried again, given up."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cimic_portal.core import broker, outbox
from cimic_portal.core.errors import ProgrammingMistakeError, RefusedError
from cimic_portal.core.models import Organisation, OutboxEntry, OutboxState
from cimic_portal.core.services.delivery import deliver, wait
from cimic_portal.core.services.outbox import drop_done, enqueue, sweep
from tests.support.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """These tests deliver by hand; hints are looked at where they matter."""
    hinted = []
    monkeypatch.setattr(broker._Rest, "until", 0.0)
    for place in ("cimic_portal.core.services.outbox.hint", "cimic_portal.core.broker.hint"):
        monkeypatch.setattr(place, lambda waiting: hinted.extend(waiting) or True)
    return hinted


@pytest.fixture
def handle():
    """Registers a handler for the length of the test."""
    known = dict(outbox._handlers)

    def register(kind, work, **options):
        outbox.handles(kind, **options)(work)

    yield register
    outbox._handlers.clear()
    outbox._handlers.update(known)


def entry_of(kind="test", **more):
    with transaction.atomic():
        return enqueue(kind, {}, **more)


def make_due(entry):
    OutboxEntry.objects.filter(pk=entry.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def make_organisation(entry):
    Organisation.objects.create(name=f"made by {entry.pk}", component=4)


def test_effects_and_mark_commit_together(handle):
    handle("test", make_organisation)
    entry = entry_of()
    assert deliver(entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts, entry.last_error) == (OutboxState.DONE, 1, "")
    assert entry.done_at is not None
    assert Organisation.objects.count() == 1


def test_delivering_again_does_nothing(handle):
    handle("test", make_organisation)
    entry = entry_of()
    assert deliver(entry.pk)
    assert not deliver(entry.pk)
    make_due(entry)
    assert not deliver(entry.pk)
    assert Organisation.objects.count() == 1


def test_failure_leaves_no_effect_and_waits_longer_each_time(handle, settings):
    def fail(entry):
        make_organisation(entry)
        raise ValueError("Fatou Ndiaye said no")

    handle("test", fail)
    entry = entry_of()
    waits = []
    for attempt in (1, 2, 3):
        make_due(entry)
        before = timezone.now()
        assert not deliver(entry.pk)
        entry.refresh_from_db()
        assert (entry.state, entry.attempts) == (OutboxState.WAITING, attempt)
        waits.append((entry.due_at - before).total_seconds())
    assert not Organisation.objects.exists()
    first = settings.OUTBOX_FIRST_WAIT
    for attempt, waited in enumerate(waits):
        assert 0.75 * first * 4**attempt <= waited <= 1.25 * first * 4**attempt + 5
    assert "ValueError" in entry.last_error and "test_deliver_entry.py" in entry.last_error
    assert "Fatou" not in entry.last_error


def test_failed_entry_is_not_taken_up_before_its_time(handle):
    def fail(entry):
        raise ValueError

    handle("test", fail)
    entry = entry_of()
    deliver(entry.pk)
    assert not deliver(entry.pk)
    entry.refresh_from_db()
    assert entry.attempts == 1


def test_wait_grows_to_six_hours_and_no_further():
    assert all(0.75 * 6 * 3600 <= wait(attempt) <= 1.25 * 6 * 3600 for attempt in (8, 20, 100))


def test_dead_letter_after_all_tries(handle, settings):
    told = []

    def fail(entry):
        raise smtplib.SMTPResponseException(451, b"mailbox of ndiaye is full")

    handle("test", fail, given_up=lambda entry, words: told.append((entry.pk, words)))
    entry = entry_of()
    for _attempt in range(settings.OUTBOX_TRIES):
        make_due(entry)
        deliver(entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.DEAD, settings.OUTBOX_TRIES)
    assert "451" in entry.last_error and "ndiaye" not in entry.last_error
    assert told == [(entry.pk, "")]
    make_due(entry)
    assert not deliver(entry.pk)


def test_refusal_by_a_rule_is_given_up_at_once(handle):
    told = []

    def refuse(entry):
        raise RefusedError("The list is longer than a sheet.")

    handle("test", refuse, given_up=lambda entry, words: told.append(words))
    entry = entry_of()
    deliver(entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.DEAD, 1)
    assert told == ["The list is longer than a sheet."]


def test_dead_letter_stands_when_nobody_can_be_told(handle):
    def cannot(entry, words):
        Organisation.objects.create(name="half done", component=4)
        raise ValueError

    def refuse(entry):
        raise RefusedError("No.")

    handle("test", refuse, given_up=cannot)
    entry = entry_of()
    deliver(entry.pk)
    entry.refresh_from_db()
    assert entry.state == OutboxState.DEAD
    assert not Organisation.objects.exists()


def test_entry_that_kills_its_worker_is_given_up(handle, settings):
    """A worker that dies leaves nothing but the counted try and the lease."""
    settings.OUTBOX_TRIES = 3

    class Killed(BaseException):
        pass

    def die(entry):
        raise Killed

    handle("test", die)
    entry = entry_of()
    for _attempt in range(3):
        make_due(entry)
        with pytest.raises(Killed):
            deliver(entry.pk)
        entry.refresh_from_db()
        assert entry.due_at > timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE - 5)
    make_due(entry)
    assert not deliver(entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.DEAD, 3)
    assert "WorkerLost" in entry.last_error


def test_unknown_kind_waits_for_a_worker_that_knows_it(handle):
    entry = entry_of("liaison.of_tomorrow")
    deliver(entry.pk)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.WAITING, 1)
    handle("liaison.of_tomorrow", make_organisation)
    make_due(entry)
    assert deliver(entry.pk)


def test_two_workers_at_one_entry_do_it_once(handle):
    """While one is at work, the other goes on at once, even when the lease has run out."""
    at_work, go_on = threading.Event(), threading.Event()

    def slow(entry):
        make_organisation(entry)
        at_work.set()
        assert go_on.wait(30)

    handle("test", slow)
    entry = entry_of()
    results = []

    def run():
        try:
            results.append(deliver(entry.pk))
        finally:
            connection.close()

    first = threading.Thread(target=run)
    first.start()
    assert at_work.wait(30)
    second = threading.Thread(target=run)
    second.start()
    second.join(30)
    assert results == [False]
    go_on.set()
    first.join(30)
    assert results == [False, True]
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.DONE, 1)
    assert Organisation.objects.count() == 1


def test_second_worker_passes_by_although_the_lease_ran_out(handle, settings):
    settings.OUTBOX_LEASE = settings.OUTBOX_FIRST_WAIT = 0
    at_work, go_on = threading.Event(), threading.Event()

    def slow(entry):
        make_organisation(entry)
        at_work.set()
        assert go_on.wait(30)

    handle("test", slow)
    entry = entry_of()
    first = threading.Thread(target=lambda: (deliver(entry.pk), connection.close()))
    first.start()
    assert at_work.wait(30)
    assert not deliver(entry.pk)
    assert sweep_finds_nothing()
    go_on.set()
    first.join(30)
    entry.refresh_from_db()
    assert (entry.state, entry.attempts) == (OutboxState.DONE, 1)


def sweep_finds_nothing():
    with transaction.atomic():
        return sweep() == 0


def test_worker_whose_lease_was_taken_over_stands_down(handle, settings):
    """Paused between claim and work for longer than the lease: the other one does it, this one not."""
    settings.OUTBOX_LEASE = settings.OUTBOX_FIRST_WAIT = 0
    handle("test", make_organisation)
    entry = entry_of()
    from cimic_portal.core.services import delivery

    mine = delivery._claim(entry.pk)
    assert deliver(entry.pk)
    assert not delivery._work(mine)
    assert Organisation.objects.count() == 1


def test_worker_whose_lease_was_taken_over_leaves_it_to_the_other_one(handle, settings):
    """The other one has claimed it and has not begun: it is that one's turn."""
    settings.OUTBOX_LEASE = settings.OUTBOX_FIRST_WAIT = 0
    handle("test", make_organisation)
    entry = entry_of()
    from cimic_portal.core.services import delivery

    mine, theirs = delivery._claim(entry.pk), delivery._claim(entry.pk)
    assert not delivery._work(mine)
    assert not Organisation.objects.exists()
    assert delivery._work(theirs)
    assert Organisation.objects.count() == 1


def test_work_may_read_one_moment(handle):
    seen = []

    def look_twice(entry):
        seen.append(Organisation.objects.count())
        other = threading.Thread(target=lambda: (make_organisation(entry), connection.close()))
        other.start()
        other.join(30)
        seen.append(Organisation.objects.count())

    handle("test", look_twice, snapshot=True)
    assert deliver(entry_of().pk)
    assert seen == [0, 0]
    assert Organisation.objects.count() == 1


def test_work_is_stamped_with_person_verb_and_surface(handle):
    handle("test", make_organisation)
    with transaction.atomic():
        entry = enqueue("test", {"actor": 17})
    deliver(entry.pk)
    event = Organisation.objects.get().events.get()
    assert event.pgh_context["actor"] == 17
    assert event.pgh_context["verb"] == "test"
    assert event.pgh_context["surface"] == "worker"
    assert event.pgh_context["request"] == f"outbox:{entry.pk}"


def test_entry_belongs_into_a_transaction():
    with pytest.raises(ProgrammingMistakeError):
        enqueue("test", {})


def test_unknown_queue_is_a_mistake():
    with pytest.raises(ProgrammingMistakeError), transaction.atomic():
        enqueue("test", {}, queue="post")


def test_rolled_back_change_leaves_no_entry_and_no_hint(no_broker):
    with pytest.raises(ValueError), transaction.atomic():
        enqueue("test", {})
        raise ValueError
    assert not OutboxEntry.objects.exists()
    assert not no_broker


def test_key_makes_an_entry_unique(no_broker):
    first = entry_of(key="reminder:1")
    assert entry_of(key="reminder:1").pk == first.pk
    assert OutboxEntry.objects.count() == 1
    assert entry_of(key="reminder:2").pk != first.pk


def test_two_transactions_with_one_key_leave_one_entry():
    inserted, go_on = threading.Event(), threading.Event()

    def other():
        with transaction.atomic():
            enqueue("test", {}, key="same")
            inserted.set()
            assert go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert inserted.wait(30)
    mine = []

    def me():
        mine.append(entry_of(key="same").pk)
        connection.close()

    second = threading.Thread(target=me)
    second.start()
    # It waits for the first to commit or roll back; then it must find the first one's entry.
    until(waits_for_a_lock, "the second insert waits for the first")
    go_on.set()
    thread.join(30)
    second.join(30)
    assert [entry.pk for entry in OutboxEntry.objects.all()] == mine


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE datname = current_database() AND NOT granted"
        )
        return cursor.fetchone()[0] > 0


def test_delayed_entry_waits_for_its_time(handle, no_broker, monkeypatch):
    monkeypatch.setattr("cimic_portal.core.services.outbox.wants_more", lambda queue: True)
    handle("test", make_organisation)
    entry = entry_of(not_before=timezone.now() + timedelta(hours=2))
    assert not no_broker
    assert not deliver(entry.pk)
    assert sweep() == 0
    make_due(entry)
    assert sweep() == 1
    assert no_broker == [(entry.pk, "notify")]
    assert deliver(entry.pk)


def test_sweep_hints_only_what_waits_and_is_due(handle, no_broker, monkeypatch):
    monkeypatch.setattr("cimic_portal.core.services.outbox.wants_more", lambda queue: queue != "reports")
    handle("test", make_organisation)
    done, dead, mail, full = entry_of(), entry_of(), entry_of(queue="mail"), entry_of(queue="reports")
    deliver(done.pk)
    OutboxEntry.objects.filter(pk=dead.pk).update(state=OutboxState.DEAD)
    no_broker.clear()
    assert sweep() == 1
    assert no_broker == [(mail.pk, "mail")]
    assert full.pk not in [pk for pk, _queue in no_broker]


def test_done_entries_are_dropped_after_thirty_days():
    now = timezone.now()
    old, recent, keyed = entry_of(), entry_of(), entry_of(key="reminder")
    waiting = entry_of()
    OutboxEntry.objects.filter(pk__in=[old.pk, keyed.pk]).update(
        state=OutboxState.DONE, done_at=now - timedelta(days=31)
    )
    OutboxEntry.objects.filter(pk=recent.pk).update(state=OutboxState.DONE, done_at=now - timedelta(days=29))
    assert drop_done() == 1
    assert {entry.pk for entry in OutboxEntry.objects.all()} == {recent.pk, keyed.pk, waiting.pk}
