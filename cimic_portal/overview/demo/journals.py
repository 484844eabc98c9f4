"""The demo mission's journals: what was written down while operations ran."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from cimic_portal.core.models import Holding, Person, Place, Position
from cimic_portal.overview.demo import journal_words as words
from operations.models import (
    DecisionPoint,
    JournalEntry,
    Operation,
    OperationTask,
    Participation,
    ReachedDecision,
    TaskProgress,
)

STATES = ("active", "suspended", "completed", "closed")
# Entries of an ordinary operation, and of the large one.
FEW, MANY = (22, 46), 420
KINDS = ("report",) * 9 + ("contact",) * 4 + ("logistics",) * 3 + ("situation",) * 2
HOUR = timedelta(hours=1)
SPACE = uuid5(NAMESPACE_URL, "carana journal")


@dataclass
class Book:
    """The journal of one operation while it is written."""

    rng: random.Random
    operation: Operation
    writers: Sequence[tuple[Position, Person]]
    places: Sequence[Place]
    since: datetime
    until: datetime
    entries: list[JournalEntry] = field(default_factory=list)

    @property
    def town(self) -> str:
        return self.operation.area.name if self.operation.area else "the county town"

    def say(self, line: str) -> str:
        return line.format(town=self.town, n=self.rng.randint(2, 9), m=self.rng.randrange(40, 400, 20))

    def enter(self, kind: str, text: str, when: datetime, **more: object) -> JournalEntry:
        position, person = self.rng.choice(self.writers)
        place = self.rng.choice(self.places) if self.places and self.rng.random() < 0.4 else None
        entry = JournalEntry(
            operation=self.operation,
            happened_at=when,
            kind=kind,
            text=text,
            author=person,
            position=position,
            place=place,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            area=place.area if place else None,
        )
        for name, value in more.items():
            setattr(entry, name, value)
        self.entries.append(entry)
        return entry


def make_journals(rng: random.Random, operations: Sequence[Operation], places: Sequence[Place]) -> int:
    """A journal for each operation that runs or has run. Returns how many entries there are."""
    held = Holding.objects.filter(until__isnull=True).select_related("person").order_by("-since", "-pk")
    holders = {holding.position_id: holding.person for holding in held}
    rows = [operation for operation in operations if operation.state in STATES]
    written = 0
    for number, operation in enumerate(rows):
        book = _book(rng, operation, holders, places)
        if book.writers and book.since < book.until:
            _write(book, number)
            written += len(book.entries)
    return written


def _book(
    rng: random.Random, operation: Operation, holders: dict[int, Person], places: Sequence[Place]
) -> Book:
    parts = Participation.objects.visible_to(operation.author).filter(
        operation=operation, position__isnull=False
    )
    named = parts.exclude(role="informed").select_related("position__office").order_by("pk")
    positions = [row.position for row in named if row.position is not None]
    until = min(operation.completed_at or operation.ends_at, timezone.now() - timedelta(minutes=20))
    near = [place for place in places if operation.area_id is None or place.area_id == operation.area_id]
    return Book(
        rng,
        operation,
        [(position, holders[position.pk]) for position in positions if position.pk in holders],
        near[:6],
        operation.starts_at,
        until,
    )


def _write(book: Book, number: int) -> None:
    large = book.operation.area_id is None
    count = MANY if large else book.rng.randint(*FEW)
    for when in _moments(book, count):
        kind = book.rng.choice(KINDS)
        book.enter(kind, book.say(book.rng.choice(words.LINES[kind])), when)
    if number % 3 == 0 or large:
        when = book.since + (book.until - book.since) * 0.7
        text = book.say(book.rng.choice(words.LINES["urgent"]))
        book.enter("situation", text, when, is_urgent=True)
    _progress(book, 60 if large else 8)
    points = _reach(book, number)
    _keep(book)
    _decided(book, points)
    _strike(book)


def _moments(book: Book, count: int) -> Iterator[datetime]:
    """More by day than by night, the newest of a running operation a few minutes old."""
    span = book.until - book.since
    for place in range(count):
        when = book.since + span * ((place + book.rng.random()) / count)
        local = timezone.localtime(when)
        yield when if 6 <= local.hour < 21 or book.rng.random() < 0.4 else when - 8 * HOUR


def _progress(book: Book, most: int) -> None:
    rows = TaskProgress.objects.visible_to(book.operation.author).filter(operation=book.operation)
    progress = {row.task_key: row for row in rows}
    tasks = OperationTask.objects.visible_to(book.operation.author).filter(
        revision__operation=book.operation,
        revision__state="in_force",
        key__in=progress,
        ends_at__lt=book.until + timedelta(days=3),
    )
    for task in list(tasks.order_by("-starts_at", "pk"))[:most]:
        row = progress[task.key]
        when = min(task.ends_at, book.until) - book.rng.random() * 3 * HOUR
        if row.state in words.PROGRESS and when > book.since:
            text = f"{task.title}: {book.rng.choice(words.PROGRESS[row.state])}"
            told = {"reported_state": row.state, "reported_percent": row.percent}
            book.enter("progress", text, when, task_key=task.key, task_title=task.title, **told)


def _reach(book: Book, number: int) -> list[tuple[DecisionPoint, JournalEntry, bool]]:
    """In some the first decision point is reached and decided; in running ones it may wait."""
    points = list(
        DecisionPoint.objects.visible_to(book.operation.author)
        .filter(revision__operation=book.operation, revision__state="in_force", decider__isnull=False)
        .select_related("decider__office")
        .order_by("due_at", "pk")
    )
    found = []
    wanted = points[: (0, 1, 2)[number % 3]]
    for place, point in enumerate(wanted):
        when = book.since + (book.until - book.since) * (0.35 + 0.45 * place)
        entry = book.enter(
            "situation", f"{point.condition.rstrip('.')}.", when, decision_key=point.key, task_title=""
        )
        ended = book.operation.state in ("completed", "closed")
        found.append((point, entry, ended or place == 0))
    return found


def _keep(book: Book) -> None:
    """Numbered by the time of writing, as they would have been."""
    book.entries.sort(key=lambda entry: entry.happened_at)
    for number, entry in enumerate(book.entries, start=1):
        entry.number = number
        entry.client_id = uuid5(SPACE, f"{book.operation.reference} {number}")
        entry.entered_at = entry.happened_at + timedelta(minutes=4)
    JournalEntry.objects.bulk_create(book.entries)


def _decided(book: Book, points: list[tuple[DecisionPoint, JournalEntry, bool]]) -> None:
    for place, (point, entry, decided) in enumerate(points):
        assert point.decider is not None
        reached = ReachedDecision(
            operation=book.operation,
            decision_key=point.key,
            title=point.title,
            condition=point.condition,
            follows=point.follows,
            decider=point.decider,
            entry=entry,
            reached_at=entry.happened_at,
        )
        holder = Person.objects.acting_for(point.decider).first() if decided else None
        if holder is not None:
            decision, reason = words.DECIDED[place % len(words.DECIDED)]
            when = entry.happened_at + 2 * HOUR
            told = _late_entry(
                book,
                kind="decision",
                text=f"{point.title}: {decision} Reason: {reason}",
                happened_at=min(when, book.until),
                author=holder,
                position=point.decider,
                decision_key=point.key,
            )
            reached.decision, reached.reason = decision, reason
            reached.decided_by, reached.decided_at, reached.decided_entry = holder, told.happened_at, told
            reached.version = 2
        reached.save()


def _late_entry(book: Book, **fields: object) -> JournalEntry:
    number = len(book.entries) + 1
    entry = JournalEntry.objects.create(
        operation=book.operation,
        number=number,
        client_id=uuid5(SPACE, f"{book.operation.reference} {number}"),
        **{"entered_at": fields["happened_at"], **fields},
    )
    book.entries.append(entry)
    return entry


def _strike(book: Book) -> None:
    """One entry in twenty was struck, some of them with a correction after it."""
    plain = [entry for entry in book.entries if entry.kind == "report"]
    for entry in plain[3 :: 20 if len(plain) > 20 else 9]:
        reason, correction = book.rng.choice(words.STRUCK)
        JournalEntry.objects.visible_to(book.operation.author).filter(pk=entry.pk).update(
            struck_at=min(entry.happened_at + HOUR, book.until),
            struck_by=entry.author,
            struck_reason=reason,
        )
        if correction:
            _late_entry(
                book,
                kind="report",
                text=book.say(correction),
                happened_at=min(entry.happened_at + HOUR, book.until),
                author=entry.author,
                position=entry.position,
                corrects=entry,
            )
