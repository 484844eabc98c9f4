"""What /healthz tells, and that it never hangs."""

import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from cimic_portal.core import broker, health, pulse
from cimic_portal.core.models import OutboxEntry, OutboxState
from cimic_portal.core.services.outbox import enqueue
from tests.support.portal import Portal
from tests.support.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

QUEUES = ("notify", "mail", "reports")


@pytest.fixture(autouse=True)
def ask_anew(monkeypatch):
    """Every question is asked, not answered from a second ago."""
    monkeypatch.setattr(health, "_health", health._Health())
    monkeypatch.setattr(health, "_FRESH_SECONDS", -1.0)


@pytest.fixture
def workers():
    """All queues have a worker, as the cache tells."""
    own = pulse.Pulse()
    own.queues = (*QUEUES, pulse.STREAM)
    own.beat()


def leave(**changes):
    with transaction.atomic():
        entry = enqueue("test", {})
    OutboxEntry.objects.filter(pk=entry.pk).update(**changes)
    return entry


def test_all_well_without_sign_in(client, workers):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": {"status": "ok"},
        "broker": {"status": "ok"},
        "worker": {"status": "ok", "queues": {"notify": "ok", "mail": "ok", "reports": "ok"}},
        "stream": {"status": "ok"},
        "outbox": {"status": "ok", "waiting": 0, "oldest_due_seconds": 0, "dead": 0},
    }
    assert "no-store" in answer["Cache-Control"]


def test_queue_without_a_worker_is_down(client):
    own = pulse.Pulse()
    own.queues = ("notify", "mail")
    own.beat()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == {
        "status": "down",
        "queues": {"notify": "ok", "mail": "ok", "reports": "down"},
    }
    assert answer.json()["database"]["status"] == "ok"


def test_stream_that_does_not_run_is_down(client):
    own = pulse.Pulse()
    own.queues = QUEUES
    own.beat()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["stream"] == {"status": "down"}
    assert answer.json()["worker"]["status"] == "ok"


def test_portal_without_a_stream_does_not_miss_it(client, workers, settings):
    settings.STREAM_URL = ""
    assert "stream" not in client.get("/healthz").json()


def test_outbox_tells_what_waits_and_what_is_dead(client, workers):
    now = timezone.now()
    leave(due_at=now - timedelta(seconds=100))
    leave(due_at=now + timedelta(days=1))
    leave(state=OutboxState.DEAD, due_at=now - timedelta(days=1))
    leave(state=OutboxState.DONE, due_at=now - timedelta(days=1))
    answer = client.get("/healthz")
    outbox = answer.json()["outbox"]
    assert answer.status_code == 200
    assert (outbox["status"], outbox["waiting"], outbox["dead"]) == ("ok", 2, 1)
    assert 100 <= outbox["oldest_due_seconds"] < 160


def test_outbox_that_is_not_emptied_is_down(client, workers):
    leave(due_at=timezone.now() - timedelta(minutes=6))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["outbox"]["status"] == "down"


def test_long_work_in_progress_is_no_fault(client, workers):
    """Its lease has run out long ago, but a worker holds it."""
    entry = leave(due_at=timezone.now() - timedelta(minutes=20))
    held, go_on = threading.Event(), threading.Event()

    def work():
        with transaction.atomic():
            OutboxEntry.objects.select_for_update().get(pk=entry.pk)
            held.set()
            go_on.wait(60)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(30)
    try:
        assert client.get("/healthz").json()["outbox"]["status"] == "ok"
    finally:
        go_on.set()
        thread.join()


@pytest.mark.long
def test_broker_that_is_away_is_down(client, workers, tmp_path, monkeypatch):
    from celery import current_app

    nowhere = current_app.connection_for_write(
        f"redis+socket://{tmp_path}/none.sock", transport_options={"max_retries": 1}, connect_timeout=1
    )
    monkeypatch.setattr(broker, "_connection", lambda: nowhere)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == {"status": "down"}
    assert str(tmp_path) not in answer.content.decode()


def test_database_that_refuses_is_down(client, workers, tmp_path, monkeypatch):
    monkeypatch.setitem(connections.databases["default"], "HOST", str(tmp_path))
    answer = client.get("/healthz")
    monkeypatch.undo()
    assert answer.status_code == 503
    parts = answer.json()
    assert parts["database"] == parts["outbox"] == {"status": "down"}
    assert str(tmp_path) not in answer.content.decode()


@pytest.mark.long
def test_database_that_hangs_does_not_hang_the_answer(client, workers, tmp_path, monkeypatch):
    """It takes the connection and never says a word; asking twice leaves one thread behind, not two."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / ".s.PGSQL.5432"))
        silent.listen()
        monkeypatch.setitem(connections.databases["default"], "HOST", str(tmp_path))
        for _time in range(2):
            answer = client.get("/healthz")
            assert answer.status_code == 503
            assert answer.json()["database"]["status"] == "down"
            assert answer.json()["broker"]["status"] == "ok"
        stuck = [thread for thread in threading.enumerate() if thread.name == "health-database"]
        assert len(stuck) == 1
        monkeypatch.undo()
    until(lambda: not stuck[0].is_alive(), "the question is given up when the connection ends")


def test_answer_is_good_for_a_second(client, workers, monkeypatch):
    monkeypatch.setattr(health, "_FRESH_SECONDS", 60.0)
    asked = []
    real = health._Health._ask
    monkeypatch.setattr(health._Health, "_ask", lambda self: (asked.append(1), real(self))[1])
    for _time in range(3):
        client.get("/healthz")
    assert len(asked) == 1


def test_nothing_is_changed_by_asking(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.long
def test_real_workers_are_seen_and_missed(client, tmp_path, settings):

    portal = Portal(tmp_path)
    try:
        # The worker's pulse goes where this test reads.
        child = portal.worker("notify", "mail", REDIS_URL=settings.REDIS_URL)
        until(lambda: pulse.manned(["notify", "mail"]) == {"notify": True, "mail": True}, "a pulse")
        assert pulse.manned() == {"notify": True, "mail": True, "reports": False}
        portal.kill(child)
        until(lambda: not any(pulse.manned().values()), "the pulse is missed", 60)
    finally:
        portal.close()


@pytest.mark.long
def test_worker_takes_up_its_pulse_after_the_broker_was_away(tmp_path, settings, client):
    """The pulse hangs on the worker's own loop, which begins anew with each connection."""
    from django.core.cache import cache

    portal = Portal(tmp_path)
    try:
        portal.worker("notify", REDIS_URL=settings.REDIS_URL)
        until(lambda: pulse.manned(["notify"])["notify"], "the first pulse")
        portal.kill_broker()
        portal.start_broker()
        cache.clear()
        until(lambda: pulse.manned(["notify"])["notify"], "a pulse after the break")
    finally:
        portal.close()
