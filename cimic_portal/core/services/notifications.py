"""Telling people: one outbox entry per piece of news, one line per person, one mail per line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import Notification, Person, Position
from cimic_portal.core.notices import NotificationKind, kind_of
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.stream import announce_to
from cimic_portal.core.sharing.records import SharedRecord

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import OutboxEntry

TELL = "core.tell"
MAIL = "core.mail"
KEEP = timedelta(days=365)
_DROP_BATCH = 5000


def notify(
    record: SharedRecord,
    kind: str,
    *,
    people: Iterable[Person] = (),
    positions: Iterable[Position] = (),
    actor: Person | None,
    key: str | None = None,
    not_before: datetime | None = None,
) -> OutboxEntry:
    """Tell people, and whoever holds or deputises for positions when it is delivered, about a record.

    Part of the current transaction. Whoever may not see the record at that moment is told nothing;
    where that leaves a position with nobody, the head above it is told. `actor` did it, and is not
    told; None for what the portal does by itself. `key` and `not_before`: see `enqueue`.
    """
    if kind_of(kind) is None:
        raise ProgrammingMistakeError(f"There is no notification kind {kind!r}.")
    payload = {
        "record": record._meta.label,
        "id": record.pk,
        "kind": kind,
        "people": sorted({person.pk for person in people}),
        "positions": sorted({position.pk for position in positions}),
        "actor": actor.pk if actor else None,
    }
    return enqueue(TELL, payload, key=key, not_before=not_before)


@dataclass(frozen=True)
class _Told:
    """A recipient: in person, for a position, or as head where nobody in the position can be told."""

    person: Person
    position: Position | None = None
    as_head: bool = False


def tell(entry: OutboxEntry) -> None:
    """Write the lines of one piece of news. For workers: see `delivery`."""
    payload = entry.payload
    record = _find(payload["record"], payload["id"])
    kind = kind_of(payload["kind"])
    if record is None or kind is None:
        return
    told = _Recipients(record).of(payload["people"], payload["positions"])
    lines = Notification.objects.bulk_create(
        Notification(
            person=one.person,
            position=one.position,
            as_head=one.as_head,
            kind=kind.kind,
            record_model=payload["record"],
            record_id=record.pk,
            actor_id=payload["actor"],
            entry=entry,
        )
        for one in told
        if one.person.pk != payload["actor"]
    )
    announce_to([line.person_id for line in lines], "notification.told", record)
    if kind.by_mail:
        for line in lines:
            enqueue(MAIL, {"notification": line.pk}, queue="mail")


def _find(label: str, pk: int) -> SharedRecord | None:
    rows = _model(label)._default_manager.unscoped("told to those only who may see it")
    return rows.filter(pk=pk).first()


def _model(label: str) -> type[SharedRecord]:
    model = apps.get_model(label)
    if not issubclass(model, SharedRecord):
        raise ProgrammingMistakeError(f"{label} is no shared record.")
    return model


class _Recipients:
    """Who is told about a record: one entry per person, whichever way they were named first."""

    def __init__(self, record: SharedRecord) -> None:
        self.record = record
        self._seen: dict[int, bool] = {}

    def of(self, people: Sequence[int], positions: Sequence[int]) -> list[_Told]:
        told: dict[int, _Told] = {}
        for person in Person.objects.filter(pk__in=people, is_active=True):
            if self._may_see(person):
                told.setdefault(person.pk, _Told(person))
        for position in Position.objects.filter(pk__in=positions).select_related("office"):
            for one in self._for_position(position):
                told.setdefault(one.person.pk, one)
        return list(told.values())

    def _for_position(self, position: Position) -> list[_Told]:
        holders = self._reached(position)
        if holders:
            return [_Told(person, position) for person in holders]
        for head in Position.objects.heads_above(position.office, self.record.owner_office):
            people = self._reached(head)
            if people:
                return [_Told(person, position, as_head=True) for person in people]
        return []

    def _reached(self, position: Position) -> list[Person]:
        return [person for person in Person.objects.acting_for(position) if self._may_see(person)]

    def _may_see(self, person: Person) -> bool:
        if person.pk not in self._seen:
            rows = type(self.record)._default_manager.visible_to(person)
            self._seen[person.pk] = rows.filter(pk=self.record.pk).exists()
        return self._seen[person.pk]


@dataclass(frozen=True)
class Line:
    """A notification as this reader sees it now."""

    notification: Notification
    record: SharedRecord
    text: str
    kind: NotificationKind


def lines(person: Person, notifications: Iterable[Notification]) -> list[Line]:
    """Each notification with its record and its words; those whose record is not visible are left out.

    One query per model of the records; `actor` and `position` should have been fetched along.
    """
    wanted = list(notifications)
    ids: dict[str, set[int]] = {}
    for notification in wanted:
        ids.setdefault(notification.record_model, set()).add(notification.record_id)
    records = {
        label: _model(label)._default_manager.visible_to(person).in_bulk(pks) for label, pks in ids.items()
    }
    found = []
    for notification in wanted:
        kind = kind_of(notification.kind)
        record = records[notification.record_model].get(notification.record_id)
        if kind is not None and record is not None:
            found.append(Line(notification, record, _words(notification, kind, record), kind))
    return found


def _words(notification: Notification, kind: NotificationKind, record: SharedRecord) -> str:
    words = str(kind.line).format(
        title=record,
        position=notification.position or _("you"),
        actor=notification.actor or _("the portal"),
    )
    words = marked(record, words)
    if not notification.as_head:
        return words
    return _("{line}. You are told as head: nobody who holds the post “{position}” now can be told.").format(
        line=words, position=notification.position
    )


def marked(record: SharedRecord, words: str) -> str:
    """Words about a record, behind its word of warning where it carries one."""
    return f"{record.mark}: {words}" if record.mark else words


def mark_read(person: Person, notification: Notification | None = None) -> int:
    """Mark one, or every unread notification of the person as read. Returns how many."""
    unread = Notification.objects.filter(person=person, read_at__isnull=True)
    if notification is not None:
        unread = unread.filter(pk=notification.pk)
    return _mark(person, unread)


def mark_read_about(person: Person, record: SharedRecord) -> int:
    """Mark what the person was told about this record as read. Returns how many lines."""
    unread = Notification.objects.filter(person=person, read_at__isnull=True)
    return _mark(person, unread.filter(record_model=record._meta.label, record_id=record.pk))


def _mark(person: Person, unread: QuerySet[Notification]) -> int:
    """Mark as read, and tell the other pages that the person has open."""
    with transaction.atomic():
        marked = unread.update(read_at=timezone.now())
        if marked:
            announce_to([person.pk], "notification.read")
    return marked


def drop_old() -> int:
    """Drop lines older than twelve months. Returns how many."""
    old = Notification.objects.filter(created_at__lt=timezone.now() - KEEP).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:_DROP_BATCH])
    Notification.objects.filter(pk__in=pks).delete()
    return len(pks)
