"""The outbox: what a verb leaves to be done after its commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from cimic_portal.core.broker import hint, wants_more
from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import OutboxEntry, OutboxState
from cimic_portal.core.services.verbs import verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cimic_portal.core.models import Person

# How many entries of one queue a sweep hints at most.
SWEEP_BATCH = 500
DROP_BATCH = 5000
KEEP_DONE = timedelta(days=30)
# A key keeps a reminder from being sent twice for as long as its due date may be looked at.
KEEP_KEYED = timedelta(days=400)


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    queue: str = "notify",
    key: str | None = None,
    not_before: datetime | None = None,
) -> OutboxEntry:
    """Leave something to be done after the commit of the current transaction.

    `payload` holds ids, never content; `actor` in it names the person in whose name it is done.
    `key` makes the entry unique: with a key that is there already, that entry is returned and
    nothing is added. `not_before` (aware) delays it; it then starts within about half a minute.
    """
    if not connection.in_atomic_block:
        raise ProgrammingMistakeError("An outbox entry belongs into the transaction of its change.")
    if queue not in settings.OUTBOX_QUEUES:
        raise ProgrammingMistakeError(f"There is no queue {queue!r}.")
    entry = OutboxEntry(kind=kind, payload=dict(payload), queue=queue, key=key, due_at=not_before or Now())
    if key is not None:
        OutboxEntry.objects.bulk_create([entry], ignore_conflicts=True)
        entry = OutboxEntry.objects.get(key=key)
    else:
        entry.save()
    if not_before is None:
        waiting = [(entry.pk, queue)]
        transaction.on_commit(lambda: hint(waiting))
    return entry


def sweep() -> int:
    """Hint again what waits and is due: what the broker lost, and what its time has come for.

    Entries on which a worker is at work are left alone. Returns how many were hinted.
    """
    return sum(_sweep_queue(queue) for queue in settings.OUTBOX_QUEUES)


def _sweep_queue(queue: str) -> int:
    if not wants_more(queue):
        return 0
    due = OutboxEntry.objects.due().filter(queue=queue)
    with transaction.atomic():
        found = due.order_by("due_at").select_for_update(skip_locked=True)[:SWEEP_BATCH]
        waiting = [(entry.pk, queue) for entry in found.only("pk")]
    hint(waiting)
    return len(waiting)


def drop_done() -> int:
    """Drop entries that were done long ago. Returns how many."""
    done = OutboxEntry.objects.filter(state=OutboxState.DONE)
    old = done.filter(key__isnull=True, done_at__lt=Now() - KEEP_DONE)
    keyed = done.filter(key__isnull=False, done_at__lt=Now() - KEEP_KEYED)
    dropped = 0
    for rows in (old, keyed):
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[:DROP_BATCH])
        dropped += len(pks)
        OutboxEntry.objects.filter(pk__in=pks).delete()
    return dropped


def try_again(entries: Iterable[int], *, actor: Person, reason: str) -> int:
    """Take dead letters (ids) up again, with all their tries. Returns how many there were."""
    with verb("outbox_entry.try_again", actor=actor, reason=reason):
        dead = OutboxEntry.objects.select_for_update().filter(pk__in=list(entries), state=OutboxState.DEAD)
        waiting = [(entry.pk, entry.queue) for entry in dead]
        OutboxEntry.objects.filter(pk__in=[pk for pk, _queue in waiting]).update(
            state=OutboxState.WAITING, attempts=0, due_at=Now()
        )
        transaction.on_commit(lambda: hint(waiting))
    return len(waiting)
