"""Telling people: one outbox entry per piece of news, one line per person, one mail per line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.models import Notification, Person, Position
from cimic_portal.core.notices import NotificationKind, kind_of
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.stream import announce_to
from cimic_portal.core.sharing.records import Part, SharedRecord

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import OutboxEntry

TELL = "core.tell"
MAIL = "core.mail"
KEEP = timedelta(days=365)
_DROP_BATCH = 5000
# So many parts are named in one line.
_NAMED = 4


def notify(
    record: SharedRecord,
    kind: str,
    *,
    people: Iterable[Person] = (),
    positions: Iterable[Position] = (),
    actor: Person | None,
    about: Sequence[Part] = (),
    notes: Sequence[int] = (),
    key: str | None = None,
    not_before: datetime | None = None,
) -> OutboxEntry:
    """Tell people, and whoever holds or deputises for positions when it is delivered, about a record.

    `about`: parts of one model that say what the news is, such as the seat in a training record.
    `notes`: in their place, the id by which the kind finds its `note`.

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
        "about": {
            "model": about[0]._meta.label if about else "",
            "ids": [part.pk for part in about] or list(notes),
        },
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
    about = payload.get("about") or {}
    lines = Notification.objects.bulk_create(
        Notification(
            person=one.person,
            position=one.position,
            as_head=one.as_head,
            kind=kind.kind,
            record_model=payload["record"],
            record_id=record.pk,
            about_model=about.get("model", ""),
            about_ids=about.get("ids", []),
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
    """A notification as this reader sees it now.

    `records`: what its words tell of, the record first. `address`: the page that it opens.
    """

    notification: Notification
    record: SharedRecord
    text: str
    kind: NotificationKind
    records: Sequence[SharedRecord]
    address: str

    @property
    def classification(self) -> int:
        return max(record.classification for record in self.records)


def lines(person: Person, notifications: Iterable[Notification]) -> list[Line]:
    """Each notification with its record and its words; those whose record is not visible are left out.

    One query per model of the records and of the parts; `actor` and `position` should have been fetched
    along.
    """
    wanted = list(notifications)
    ids: dict[str, set[int]] = {}
    for notification in wanted:
        ids.setdefault(notification.record_model, set()).add(notification.record_id)
    records = {
        label: _model(label)._default_manager.visible_to(person).in_bulk(pks) for label, pks in ids.items()
    }
    parts = _parts(person, wanted)
    found = []
    for notification in wanted:
        kind = kind_of(notification.kind)
        record = records[notification.record_model].get(notification.record_id)
        if kind is not None and record is not None:
            about = [
                parts[notification.about_model, pk]
                for pk in notification.about_ids
                if (notification.about_model, pk) in parts
            ]
            words = _words(notification, kind, record, about)
            opened: Any = about[0] if kind.opens_part and about else record
            address = opened.get_absolute_url()
            found.append(Line(notification, record, words, kind, _told_of(record, about), address))
    return found


def _parts(person: Person, notifications: Iterable[Notification]) -> dict[tuple[str, int], Part]:
    """The parts that the news is about and the person may see, by model and id."""
    ids: dict[str, set[int]] = defaultdict(set)
    joins: dict[str, set[str]] = defaultdict(set)
    for notification in notifications:
        kind = kind_of(notification.kind)
        if kind is not None and notification.about_model:
            ids[notification.about_model] |= set(notification.about_ids)
            joins[notification.about_model] |= set(kind.joins)
    found: dict[tuple[str, int], Part] = {}
    for label, pks in ids.items():
        model: Any = apps.get_model(label)
        rows = model._default_manager.visible_to(person).select_related(model.part_of, *joins[label])
        found |= {(label, pk): part for pk, part in rows.in_bulk(pks).items()}
    return found


def _told_of(record: SharedRecord, about: Iterable[Part]) -> list[SharedRecord]:
    parents = (getattr(part, part.part_of) for part in about)
    return list(dict.fromkeys([record, *parents]))


def _words(
    notification: Notification, kind: NotificationKind, record: SharedRecord, about: Sequence[Part]
) -> str:
    words = str(kind.line).format(
        title=record,
        position=notification.position or _("you"),
        actor=notification.actor or _("the portal"),
    )
    if about:
        words = _("{line}: {parts}").format(line=words, parts=_listed([kind.about(part) for part in about]))
    if kind.note is not None and notification.about_ids:
        words = _("{line}: {parts}").format(line=words, parts=kind.note(notification.about_ids[0]))
    words = marked(record, words)
    if not notification.as_head:
        return words
    return _("{line}. You are told as head: nobody who holds the post “{position}” now can be told.").format(
        line=words, position=notification.position
    )


def marked(record: SharedRecord, words: str) -> str:
    """Words about a record, behind its word of warning where it carries one."""
    return f"{record.mark}: {words}" if record.mark else words


def _listed(names: Sequence[str]) -> str:
    """`one; another; 3 more`."""
    shown = list(names[:_NAMED])
    if len(names) > _NAMED:
        shown.append(_("%(count)d more") % {"count": len(names) - _NAMED})
    return "; ".join(shown)


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
