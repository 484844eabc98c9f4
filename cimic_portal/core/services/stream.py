"""Telling pages that are open: one row per piece of live news, in the transaction of its change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import StreamEvent
from cimic_portal.core.sharing.records import SharedRecord

PERSON_TOPIC = "person"
KEEP = timedelta(days=3)
_DROP_BATCH = 5000
# One at a time gives positions, whatever process it is in.
_NUMBERING = 7_401_512
_NUMBER = """
UPDATE core_streamevent SET position = fresh.position
FROM (
    SELECT id, nextval('core_streamevent_position') AS position
    FROM (SELECT id FROM core_streamevent WHERE position IS NULL ORDER BY id LIMIT %s) AS waiting
) AS fresh
WHERE core_streamevent.id = fresh.id
"""


def topic_of(record: SharedRecord) -> str:
    """The topic of a record's page: `operation:K7Q2M9XRTB`."""
    return f"{record._meta.model_name}:{record.reference}"


def announce(record: SharedRecord, topic: str, kind: str, part_id: int | None = None) -> None:
    """Tell whoever listens to `topic` that `kind` happened to `record`; part of the current transaction.

    `topic` is mostly `topic_of(record)`; where the news belongs on another record's page, that
    one's. Listeners are told ids only, and only while they may see both the record and the topic's
    own. `part_id` says which row of the record, so that the page can fetch that one. A restricted
    part that is a shared record itself is announced as `record`, not as a part.
    """
    _require_transaction()
    StreamEvent.objects.create(
        topic=topic, kind=kind, record_model=record._meta.label, record_id=record.pk, part_id=part_id
    )


def announce_to(people: Iterable[int], kind: str, record: SharedRecord | None = None) -> None:
    """Tell people (ids) that `kind` happened to their own things: each in every browser they have open.

    With `record`, only those who may see it when it is sent.
    """
    _require_transaction()
    label, pk = (record._meta.label, record.pk) if record is not None else ("", None)
    StreamEvent.objects.bulk_create(
        StreamEvent(topic=f"{PERSON_TOPIC}:{person}", kind=kind, record_model=label, record_id=pk)
        for person in people
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise ProgrammingMistakeError("Live news belong into the transaction of their change.")


def give_positions(limit: int) -> int:
    """Number what has been committed, in turn, up to `limit` rows. Returns how many.

    The lock is let go of after the rows can be seen, so no lower number turns up after a higher one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
        # A statement of its own: it sees what was committed while this one waited.
        cursor.execute(_NUMBER, [limit])
        return int(cursor.rowcount)


def last_position() -> int:
    """The highest position that was given; until the transaction ends no other is. 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING])
        cursor.execute("SELECT last_value, is_called FROM core_streamevent_position")
        value, is_called = cursor.fetchone()
    return int(value) if is_called else 0


def told_position() -> int:
    """The position up to which all news can be seen; 0 where none is kept.

    What is read after it is not older, so a page that resumes from here misses nothing.
    """
    found: int | None = StreamEvent.objects.aggregate(last=Max("position"))["last"]
    return found or 0


def drop_old() -> int:
    """Drop events that nobody can resume from any more. Returns how many."""
    old = StreamEvent.objects.filter(created_at__lt=timezone.now() - KEEP).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:_DROP_BATCH])
    StreamEvent.objects.filter(pk__in=pks).delete()
    return len(pks)
