"""The demo mission's assets: some sixty of all components, with bookings on the operations."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cimic_portal.core.models import Office, Person, Place, Position
from cimic_portal.overview.demo import asset_words as words
from cimic_portal.overview.demo.records import reference
from operations.models import (
    Asset,
    AssetKind,
    BookedFor,
    Booking,
    BookingState,
    Operation,
    OperationTask,
    Unavailability,
)

SECTORS = ("North", "South", "East", "West")
# How many assets an operation in each state has.
WANTED = {"draft": 1, "staffing": 2, "approved": 3, "active": 3, "suspended": 2, "completed": 2, "closed": 1}
LARGE = 30
QUIET_WEEK = 0.4
Span = tuple[datetime, datetime]


@dataclass
class _Store:
    """What is held, and when each asset is taken already."""

    rng: random.Random
    now: datetime
    assets: dict[str, Asset] = field(default_factory=dict)
    taken: dict[int, list[Span]] = field(default_factory=dict)

    def take(self, asset: Asset, start: datetime, end: datetime) -> bool:
        """Whether the asset was free then; it is taken from now on."""
        spans = self.taken.setdefault(asset.pk, [])
        if any(since < end and until > start for since, until in spans):
            return False
        spans.append((start, end))
        return True

    def some(self) -> list[Asset]:
        """In an order of chance, without those that stand idle."""
        rows = [
            one for name, one in self.assets.items() if name not in words.IDLE and one.state == "in_service"
        ]
        self.rng.shuffle(rows)
        return rows


def make_assets(
    rng: random.Random, offices: Mapping[str, Office], places: Sequence[Place], planned: Sequence[Operation]
) -> None:
    """Enter assets, times out of service, and bookings of every state for the operations."""
    store = _Store(rng, timezone.now())
    bases = [place for place in places if place.kind == "settlement"]
    held = [replace(one, name=one.name.format(sector=sector), office=one.office.format(sector=sector))
            for one in words.OF_SECTORS for sector in SECTORS]  # fmt: skip
    for one in (*held, *words.OF_MISSION):
        store.assets[one.name] = _asset(store, one, _kind(one.kind), offices[one.office], rng.choice(bases))
    _out_of_service(store)
    operations = [operation for operation in planned if operation.state in WANTED]
    ordered = [one for one in operations if one.approved_at is not None]
    _busy(store, ordered)
    for number, operation in enumerate(operations):
        _book(store, operation, number)
    _every_day(store, ordered)


def _kind(name: str) -> AssetKind:
    """One of those that the portal ships with."""
    kind, _new = AssetKind.objects.get_or_create(name=name)
    return kind


def _holder(office: Office) -> Person | None:
    post = office.positions.filter(is_head=True).first()
    return _person(post) if post else None


def _person(post: Position) -> Person | None:
    holding = post.holdings.filter(until__isnull=True).order_by("pk").select_related("person").first()
    return holding.person if holding else None


def _asset(store: _Store, one: words.Held, kind: AssetKind, office: Office, home: Place) -> Asset:
    author = _holder(office)
    assert author is not None, "every office of the demo that holds something has a head"
    partner = not office.organisation.is_mission
    return Asset.objects.create(
        reference=reference(store.rng),
        owner_office=office,
        author=author,
        published_at=store.now - timedelta(days=200),
        name=one.name,
        kind=kind,
        capabilities=one.can,
        quantity=one.pieces,
        capacity=Decimal(one.capacity) if one.capacity else None,
        capacity_unit=one.unit,
        languages=one.languages,
        home=home,
        conditions=one.conditions,
        classification=one.level,
        audience_components=[3, 4] if partner else [1, 2, 3],
        state=one.state,
        state_reason=one.why,
        back_at=store.now + timedelta(days=6) if one.state == "under_repair" else None,
    )


def _out_of_service(store: _Store) -> None:
    """A service of some days for one in seven, some behind and some ahead."""
    for number, asset in enumerate(store.assets.values()):
        if number % 7 or asset.state == "withdrawn" or asset.name in words.BUSY:
            continue
        start = _hour(store.now + timedelta(days=store.rng.randint(-15, 20)), 6)
        end = start + timedelta(days=store.rng.randint(2, 5))
        if store.take(asset, start, end):
            Unavailability.objects.create(
                asset=asset,
                starts_at=start,
                ends_at=end,
                reason=words.OUT[number // 7 % len(words.OUT)],
                entered_by=asset.author,
            )


def _busy(store: _Store, operations: Sequence[Operation]) -> None:
    """One booking after the other, over twelve weeks."""
    for name in words.BUSY:
        asset = store.assets[name]
        for week in range(-4, 8):
            start = _hour(store.now + timedelta(days=7 * week - store.now.weekday()), 5)
            end = start + timedelta(days=6, hours=12)
            running = _running(operations, start, end)
            if running and store.take(asset, start, end):
                operation = running[week % len(running)]
                state = BookingState.ENDED if end < store.now else BookingState.CONFIRMED
                _booking(store, asset, operation, start, end, state)


def _every_day(store: _Store, operations: Sequence[Operation]) -> None:
    """What is not idle is out for some days of most weeks."""
    for asset in store.some():
        for week in range(-4, 7):
            if store.rng.random() < QUIET_WEEK:
                continue
            day = store.now + timedelta(days=7 * week - store.now.weekday() + store.rng.randint(0, 3))
            start = _hour(day, 5)
            end = start + timedelta(days=store.rng.randint(1, 4), hours=11)
            running = _running(operations, start, end)
            if running and store.take(asset, start, end):
                state = BookingState.ENDED if end < store.now else BookingState.CONFIRMED
                _booking(store, asset, store.rng.choice(running), start, end, state)


def _running(operations: Sequence[Operation], start: datetime, end: datetime) -> list[Operation]:
    """Those in whose period the times lie."""
    return [one for one in operations if one.starts_at <= start and end <= one.ends_at]


def _book(store: _Store, operation: Operation, number: int) -> None:
    tasks = list(
        OperationTask.objects.visible_to(operation.author)
        .filter(revision__operation=operation, revision__state__in=("in_force", "staffed", "draft"))
        .order_by("starts_at", "pk")
    )
    large = len(tasks) > 100
    wanted = LARGE if large else WANTED[operation.state]
    if not tasks:
        return
    for place, asset in enumerate(store.some()[:wanted]):
        task = tasks[(place * 7 + number) % len(tasks)]
        start, end = task.starts_at, task.ends_at
        if large and place == 3:
            start, end = start + timedelta(days=2), end + timedelta(days=2)
        state = _state(operation, place, number, end, store.now)
        if state in (BookingState.CONFIRMED, BookingState.ENDED) and not store.take(asset, start, end):
            continue
        _booking(store, asset, operation, start, end, state, task)


def _state(operation: Operation, place: int, number: int, end: datetime, now: datetime) -> BookingState:
    if operation.state in ("completed", "closed") or end <= now:
        return BookingState.ENDED
    if operation.state in ("draft", "staffing"):
        return BookingState.REQUESTED
    if place % 4 == 1:
        return BookingState.REQUESTED
    if place % 7 == 5 or (place == 2 and number % 3 == 0):
        return BookingState.DECLINED
    return BookingState.CONFIRMED


def _booking(
    store: _Store,
    asset: Asset,
    operation: Operation,
    start: datetime,
    end: datetime,
    state: BookingState,
    task: OperationTask | None = None,
) -> None:
    own = asset.owner_office_id == operation.owner_office_id
    if own and state in (BookingState.REQUESTED, BookingState.DECLINED):
        return
    asked_at = min(start, store.now) - timedelta(days=store.rng.randint(1, 5), hours=store.rng.randint(0, 9))
    decided = state != BookingState.REQUESTED
    due = asked_at + timedelta(hours=48)
    more: dict[str, Any] = {}
    if decided:
        person = operation.author if own else asset.author
        more = {"decided_by": person, "decided_at": asked_at + timedelta(hours=store.rng.randint(2, 40))}
    if state == BookingState.DECLINED:
        more["reason"] = store.rng.choice(words.DECLINED)
    if state == BookingState.REQUESTED and due < store.now:
        more["escalated_at"] = due + timedelta(minutes=5)
    booking = Booking.objects.create(
        asset=asset,
        starts_at=start,
        ends_at=end,
        purpose=store.rng.choice(words.PURPOSES),
        office=operation.owner_office,
        requested_by=operation.author,
        requested_at=asked_at,
        decider=None if own else asset.owner_office.positions.filter(is_head=True).first(),
        due_at=None if own else due,
        state=state,
        **more,
    )
    BookedFor.objects.create(booking=booking, operation=operation, task_key=task.key if task else None)


def _hour(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0, second=0, microsecond=0)
