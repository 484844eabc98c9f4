"""Delivering one outbox entry: claimed in one transaction, done in a second one.

The claim counts the try and moves `due_at` into the future, so that an entry which kills its worker
is not taken up again at once, and is given up in the end. The second transaction holds the row
while the work is done, and commits the effects of the work together with the mark that it is done:
exactly once, however often the broker repeats.
"""

from __future__ import annotations

import logging
import random
import smtplib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from cimic_portal.core.audit.context import Origin, set_origin, stamp
from cimic_portal.core.errors import PortalError
from cimic_portal.core.models import OutboxEntry, OutboxState, Person
from cimic_portal.core.outbox import handler_of

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 6 * 3600.0


class NoHandlerError(Exception):
    """No app of this worker knows the kind; it may run an older version than the page did."""


class WorkerLostError(Exception):
    """The worker died at it every time."""


def deliver(pk: int) -> bool:
    """Do what entry `pk` asks for. False: there was nothing to do, another has it, or it failed.

    Never raises for a failure of the work: it is written to the entry, which is tried again.
    """
    claimed = _claim(pk)
    if claimed is None:
        return False
    set_origin(Origin(request=f"outbox:{pk}", surface="worker"))
    try:
        return _work(claimed)
    except Exception as error:
        _failed(claimed, error)
        return False
    finally:
        set_origin(Origin())


def _claim(pk: int) -> OutboxEntry | None:
    """Count the try and take the lease; None when there is nothing to do or another is at it."""
    with transaction.atomic():
        entry = OutboxEntry.objects.due().filter(pk=pk).select_for_update(skip_locked=True).first()
        if entry is None:
            return None
        if entry.attempts >= _tries(entry):
            _give_up(entry, WorkerLostError())
            return None
        entry.attempts += 1
        entry.due_at = Now() + timedelta(seconds=max(settings.OUTBOX_LEASE, wait(entry.attempts)))
        entry.save(update_fields=["attempts", "due_at"])
        handler = handler_of(entry.kind)
        if handler is not None and handler.started is not None:
            stamp(_actor(entry), f"{entry.kind}.start")
            handler.started(entry)
    return entry


def _work(claimed: OutboxEntry) -> bool:
    handler = handler_of(claimed.kind)
    if handler is None:
        raise NoHandlerError
    with _transaction(snapshot=handler.snapshot):
        # The count of tries tells whether the claim is still ours: a lease can run out unnoticed.
        ours = OutboxEntry.objects.filter(pk=claimed.pk, state=OutboxState.WAITING, attempts=claimed.attempts)
        entry = ours.select_for_update(skip_locked=True).first()
        if entry is None:
            return False
        stamp(_actor(entry), entry.kind)
        handler.work(entry)
        entry.state = OutboxState.DONE
        entry.done_at = Now()
        entry.last_error = ""
        entry.save(update_fields=["state", "done_at", "last_error"])
    return True


@contextmanager
def _transaction(*, snapshot: bool) -> Iterator[None]:
    with transaction.atomic():
        if snapshot:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _failed(claimed: OutboxEntry, error: Exception) -> None:
    """Write down what went wrong, and when to try again; or give the entry up."""
    # Frames without values: an error's own words may hold content of a record.
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.warning("Outbox %s (%s): %s\n%s", claimed.pk, claimed.kind, described(error), where)
    with transaction.atomic():
        entry = OutboxEntry.objects.select_for_update().get(pk=claimed.pk)
        if entry.state != OutboxState.WAITING or entry.attempts != claimed.attempts:
            return
        if entry.attempts >= _tries(entry) or isinstance(error, PortalError):
            _give_up(entry, error)
            return
        entry.last_error = described(error)
        entry.due_at = Now() + timedelta(seconds=wait(entry.attempts))
        entry.save(update_fields=["last_error", "due_at"])


def _give_up(entry: OutboxEntry, error: Exception) -> None:
    """Make it a dead letter. A refusal by a rule is one at once: trying again changes nothing."""
    entry.state = OutboxState.DEAD
    entry.last_error = described(error)
    entry.save(update_fields=["state", "last_error"])
    logger.error("Outbox %s (%s) was given up: %s", entry.pk, entry.kind, entry.last_error)
    handler = handler_of(entry.kind)
    if handler is None or handler.given_up is None:
        return
    try:
        with transaction.atomic():
            stamp(_actor(entry), f"{entry.kind}.give_up")
            handler.given_up(entry, error.message if isinstance(error, PortalError) else "")
    except Exception as second:
        logger.error("Outbox %s: nobody could be told: %s", entry.pk, described(second))


def _tries(entry: OutboxEntry) -> int:
    handler = handler_of(entry.kind)
    tries: int = settings.OUTBOX_TRIES
    return tries if handler is None or handler.tries is None else handler.tries


def _actor(entry: OutboxEntry) -> Person | None:
    """In whose name it is done; only the id is needed, so the person is not read."""
    pk = entry.payload.get("actor")
    return Person(pk=pk) if pk else None


def wait(attempts: int) -> float:
    """Seconds until the next try after `attempts` tries: fourfold each time, with a quarter of chance.

    The chance keeps all that failed together from coming back together.
    """
    longest = min(settings.OUTBOX_FIRST_WAIT * 4.0 ** (attempts - 1), _LONGEST_WAIT)
    return float(longest * random.uniform(0.75, 1.25))  # noqa: S311 - no secret


def described(error: Exception) -> str:
    """What went wrong and where, without the error's own words: they may hold personal content."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, smtplib.SMTPResponseException):
        name = f"{name} {error.smtp_code}"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return name
    return f"{name} ({Path(frames[-1].filename).name}:{frames[-1].lineno})"
