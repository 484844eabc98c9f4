"""What is delivered after commit, with the real broker, workers and mail server, while they are killed."""

import os
import signal

import pytest
from django.db import transaction

from cimic_portal.core import broker, store
from cimic_portal.core.makers import ReportMaker, add_maker
from cimic_portal.core.models import (
    Document,
    DocumentSource,
    DocumentState,
    Notification,
    Organisation,
    OutboxEntry,
    OutboxState,
)
from cimic_portal.core.services.documents import ask_for_document
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.outbox import enqueue, sweep
from tests.factories.cast import make_cast
from tests.factories.liaison import EngagementFactory, TaskingFactory
from tests.support.portal import Portal
from tests.support.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(tmp_path, monkeypatch):
    running = Portal(tmp_path)
    connection = running.connection()
    monkeypatch.setattr(broker, "_connection", lambda: connection)
    monkeypatch.setattr(broker._Rest, "until", 0.0)
    # A sweep of the tests asks again at once, where the portal's comes every half minute.
    monkeypatch.setattr(broker, "_REST_SECONDS", 0.0)
    yield running
    running.close()


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(scope="module", autouse=True)
def slow_report():
    """The page knows the report as well; only the worker makes it."""
    add_maker(ReportMaker("test.slow", "Slow report", lambda *_: None, forms=("csv",)))


def leave(kind, number=0, **more):
    with transaction.atomic():
        return enqueue(kind, {"number": number}, **more)


def state_of(entry):
    return OutboxEntry.objects.get(pk=entry.pk).state


def swept_until(condition, what):
    """The sweep runs again and again, as beat would have it, until the condition holds."""

    def look():
        if condition():
            return True
        sweep()
        return False

    until(look, what, 120)


def all_done():
    return not OutboxEntry.objects.exclude(state=OutboxState.DONE).exists()


def ask(cast):
    EngagementFactory(purpose="open", owner_office=cast.team, author=cast.owner)
    document = ask_for_document("test.slow", "csv", {}, office=cast.team, actor=cast.owner, title="Week 46")
    return document, OutboxEntry.objects.get(kind="core.make_document")


def assert_made_once(document, attempts):
    document = Document.objects.unscoped("test").get(pk=document.pk)
    assert (document.state, document.version) == (DocumentState.READY, 2)
    assert DocumentSource.objects.unscoped("test").filter(document=document).count() == 1
    assert store.documents.open(document.sha256).read() == b"open"
    assert document.events.unscoped("test").filter(state=DocumentState.READY).count() == 1
    assert Notification.objects.filter(record_id=document.pk, kind="document.ready").count() == 1
    assert OutboxEntry.objects.get(kind="core.make_document").attempts == attempts


@pytest.mark.long
def test_worker_killed_in_the_middle_of_a_report(portal, cast):
    first = portal.worker()
    document, entry = ask(cast)
    until(lambda: portal.begun("report"), "the report is begun")
    assert Document.objects.unscoped("test").get(pk=document.pk).state == DocumentState.MAKING
    portal.kill(first)
    assert state_of(entry) == OutboxState.WAITING
    portal.let_go_on("report")
    portal.worker()
    swept_until(all_done, "another worker makes it")
    assert_made_once(document, attempts=2)


@pytest.mark.long
def test_child_of_the_worker_killed_in_the_middle_of_a_report(portal, cast):
    """As the kernel does when memory runs out: the worker lives on and starts a new child."""
    portal.worker()
    document, _entry = ask(cast)
    (child,) = until(lambda: portal.begun("report"), "the report is begun")
    os.kill(child, signal.SIGKILL)
    portal.let_go_on("report")
    swept_until(all_done, "the new child makes it")
    assert_made_once(document, attempts=2)


@pytest.mark.long
def test_broker_killed_with_queued_work_and_its_file_lost(portal):
    entries = [leave("test.count", number) for number in range(20)]
    assert portal.length("notify") == 20
    portal.kill_broker()
    # While it is away, pages commit as ever.
    entries.append(leave("test.count", 20))
    for file in (portal.valkey.layout.valkey).rglob("*"):
        if file.is_file():
            file.unlink()
    portal.start_broker()
    assert portal.length("notify") == 0
    portal.worker()
    swept_until(all_done, "the sweep brings back what the broker lost")
    assert Organisation.objects.count() == len(entries)


@pytest.mark.long
def test_broker_killed_with_queued_work_under_a_running_worker(portal):
    portal.worker(concurrency=2)
    portal.kill_broker()
    for number in range(5):
        leave("test.count", number)
    portal.start_broker()
    swept_until(all_done, "the worker finds the broker again")
    leave("test.count", 5)
    until(all_done, "hints arrive again")
    assert Organisation.objects.count() == 6


@pytest.mark.long
def test_broker_killed_in_the_middle_of_a_report(portal, cast):
    portal.worker()
    document, _entry = ask(cast)
    until(lambda: portal.begun("report"), "the report is begun")
    portal.kill_broker()
    portal.start_broker()
    portal.let_go_on("report")
    swept_until(all_done, "the report is made and told")
    assert_made_once(document, attempts=1)


KILLED_AFTER_COMMIT = """
import signal
from django.db import transaction
from cimic_portal.core.services.outbox import enqueue
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    enqueue("test.count", {"number": 1})
print("still here")
"""


@pytest.mark.long
def test_web_process_killed_after_the_commit(portal):
    ended = portal.run(KILLED_AFTER_COMMIT)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    entry = OutboxEntry.objects.get()
    assert (entry.state, portal.length("notify")) == (OutboxState.WAITING, 0)
    portal.worker()
    assert state_of(entry) == OutboxState.WAITING
    swept_until(all_done, "the sweep delivers")
    assert Organisation.objects.count() == 1


def test_two_workers_at_the_same_entry_do_it_once(portal):
    """Every entry is hinted three times, and two workers take what they get."""
    portal.worker(concurrency=2)
    portal.worker(concurrency=2)
    entries = [leave("test.count", number) for number in range(60)]
    for _time in range(2):
        broker.hint([(entry.pk, entry.queue) for entry in entries])
    until(all_done, "all are done")
    until(lambda: portal.length("notify") == 0, "the needless hints are taken too")
    assert Organisation.objects.count() == 60
    assert set(OutboxEntry.objects.values_list("attempts", flat=True)) == {1}


def test_work_in_progress_is_left_alone_although_its_lease_ran_out(portal):
    portal.worker(concurrency=2)
    entry = leave("test.slow")
    until(lambda: portal.begun("job"), "the work is begun")
    until(lambda: OutboxEntry.objects.due().filter(pk=entry.pk).exists(), "the lease has run out")
    assert sweep() == 0
    broker.hint([(entry.pk, "notify")])
    until(lambda: portal.length("notify") == 0, "the second hint is taken")
    other = leave("test.count", 1)
    until(lambda: state_of(other) == OutboxState.DONE, "the second process has passed by and goes on")
    portal.let_go_on("job")
    until(all_done, "the work is done")
    assert OutboxEntry.objects.get(pk=entry.pk).attempts == 1
    assert len(portal.begun("job")) == 1


def test_dead_letter_after_its_tries(portal):
    portal.worker()
    entry = leave("test.fail")
    swept_until(lambda: state_of(entry) == OutboxState.DEAD, "it is given up")
    entry.refresh_from_db()
    assert entry.attempts == 2
    assert "ValueError" in entry.last_error and "inform-ant" not in entry.last_error
    assert not Organisation.objects.exists()
    log = "".join(file.read_text() for file in portal.folder.glob("worker-*.log"))
    assert "ValueError" in log and "inform-ant" not in log


# Mail


def tell(cast, *people):
    tasking = TaskingFactory(
        title="Meet the mayor of Lorani",
        owner_office=cast.hq,
        author=cast.head_above,
        issuer=cast.head_above.holdings.get().position,
        audience_components=[1],
        published=True,
    )
    with transaction.atomic():
        notify(tasking, "tasking.issued", people=people, actor=None)


def test_notification_goes_out_by_mail(portal, cast):
    portal.worker()
    tell(cast, cast.colleague, cast.head)
    until(all_done, "all is delivered")
    assert {message["To"] for message in portal.mail.taken} == {cast.colleague.email, cast.head.email}
    assert len({message["Message-ID"] for message in portal.mail.taken}) == 2
    assert "Meet the mayor of Lorani" in portal.mail.taken[0].get_body(("plain",)).get_content()


@pytest.mark.long
def test_mail_repeats_only_under_its_message_id(portal, cast):
    """The worker dies after the server took the mail and before the portal knows."""
    first = portal.worker()
    portal.mail.on_mail = lambda: portal.kill(first)
    tell(cast, cast.colleague)
    until(lambda: portal.mail.taken, "the server takes the mail")
    portal.mail.on_mail = None
    entry = OutboxEntry.objects.get(kind="core.mail")
    assert entry.state == OutboxState.WAITING
    portal.worker()
    swept_until(all_done, "it is sent again")
    assert [message["To"] for message in portal.mail.taken] == [cast.colleague.email] * 2
    assert len({message["Message-ID"] for message in portal.mail.taken}) == 1
    assert Notification.objects.count() == 1


def test_one_refused_mailbox_blocks_nobody(portal, cast):
    portal.mail.refused.add(cast.colleague.email)
    portal.worker(OUTBOX_TRIES="2")
    tell(cast, cast.colleague, cast.head)
    swept_until(
        lambda: OutboxEntry.objects.filter(state=OutboxState.DEAD).exists(), "the refused mail is given up"
    )
    assert [message["To"] for message in portal.mail.taken] == [cast.head.email]
    dead = OutboxEntry.objects.get(state=OutboxState.DEAD)
    assert "SMTPRecipientsRefused" in dead.last_error and cast.colleague.email not in dead.last_error
    assert Notification.objects.count() == 2


@pytest.mark.long
def test_mail_waits_for_a_server_that_is_away(portal, cast):
    portal.mail.stop()
    portal.worker()
    tell(cast, cast.colleague)
    until(lambda: OutboxEntry.objects.filter(kind="core.mail", attempts__gt=0).exists(), "it was tried")
    portal.mail.start()
    swept_until(all_done, "it goes out")
    assert len(portal.mail.taken) == 1
