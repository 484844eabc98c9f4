"""How the portal is: database, broker, workers, stream and outbox, each asked for a short time only.

Every question runs in a thread of its own, because a server that hangs lets no client time out
reliably. A question that still hangs from the last time counts as answered with "down".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from cimic_portal.core import broker, pulse
from cimic_portal.core.models import OutboxEntry, OutboxState

PATIENCE = 2.5
# What has been due for longer is no longer a passing wait.
LONGEST_DUE = timedelta(minutes=5)
_COUNT_CAP = 10_000
_FRESH_SECONDS = 1.0

Facts = dict[str, Any]


def _status(well: bool) -> str:
    return "ok" if well else "down"


def _ask_database() -> Facts:
    """The database, and the outbox in it, over a connection of its own."""
    try:
        return {"database": {"status": "ok"}, "outbox": _outbox()}
    finally:
        connection.close()


def _outbox() -> Facts:
    waiting = OutboxEntry.objects.filter(state=OutboxState.WAITING)
    age = _oldest_age()
    return {
        "status": _status(age <= LONGEST_DUE),
        "waiting": waiting[:_COUNT_CAP].count(),
        "oldest_due_seconds": int(age.total_seconds()),
        "dead": OutboxEntry.objects.filter(state=OutboxState.DEAD)[:_COUNT_CAP].count(),
    }


def _oldest_age() -> timedelta:
    """Since when the oldest entry could have been taken up. One that is being worked on is not counted."""
    due = OutboxEntry.objects.due().order_by("due_at")
    oldest = due.first()
    if oldest is not None and timezone.now() - oldest.due_at > LONGEST_DUE:
        # Only here, because it takes the lock for a moment: is a worker at it?
        with transaction.atomic():
            oldest = due.select_for_update(skip_locked=True).first()
    return max(timezone.now() - oldest.due_at, timedelta(0)) if oldest is not None else timedelta(0)


def _ask_broker() -> Facts:
    return {"broker": {"status": _status(broker.answers())}}


def _ask_workers() -> Facts:
    queues = pulse.manned()
    return {
        "worker": {
            "status": _status(all(queues.values())),
            "queues": {queue: _status(well) for queue, well in queues.items()},
        }
    }


def _ask_stream() -> Facts:
    return {"stream": {"status": _status(all(pulse.manned([pulse.STREAM]).values()))}}


@dataclass
class _Question:
    """One question and, while nobody has answered it, the thread that asks."""

    parts: tuple[str, ...]
    ask: Callable[[], Facts]
    thread: threading.Thread | None = None
    answer: Facts = field(default_factory=dict)

    def begin(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.answer = {}
            self.thread = threading.Thread(target=self._run, name=f"health-{self.parts[0]}", daemon=True)
            self.thread.start()

    def _run(self) -> None:
        try:
            self.answer = self.ask()
        except Exception:
            # Why it failed may name addresses; that it failed is all that this page tells.
            self.answer = {}

    def end(self, deadline: float) -> Facts:
        assert self.thread is not None
        self.thread.join(max(deadline - time.monotonic(), 0))
        return self.answer or {part: {"status": "down"} for part in self.parts}


class _Health:
    """The last answer is good for a second, so that nobody can wear the database out by asking."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = 0.0
        self._facts: Facts = {}
        self._questions = (
            _Question(("database", "outbox"), _ask_database),
            _Question(("broker",), _ask_broker),
            _Question(("worker",), _ask_workers),
            _Question(("stream",), _ask_stream),
        )

    def facts(self) -> Facts:
        with self._lock:
            if time.monotonic() - self._asked > _FRESH_SECONDS:
                self._facts = self._ask()
                self._asked = time.monotonic()
            return self._facts

    def _ask(self) -> Facts:
        deadline = time.monotonic() + PATIENCE
        # Where pages poll, nobody misses the stream.
        questions = [one for one in self._questions if one.parts != ("stream",) or settings.STREAM_URL]
        for question in questions:
            question.begin()
        parts: Facts = {}
        for question in questions:
            parts |= question.end(deadline)
        return {"status": _status(all(part["status"] == "ok" for part in parts.values())), **parts}


_health = _Health()


def health() -> Facts:
    """`status` ("ok" or "down") of the whole, and of each part; takes three seconds at most."""
    return _health.facts()
