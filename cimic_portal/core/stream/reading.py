"""What the stream asks of the database, each time for all listeners at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cimic_portal.core.factors import is_proven, is_required
from cimic_portal.core.models import Person, StreamEvent
from cimic_portal.core.querysets import shared_models
from cimic_portal.core.services.stream import PERSON_TOPIC, give_positions, last_position
from cimic_portal.core.sharing.doors import Door, doors
from cimic_portal.core.sharing.keys import Access, gather_accesses

# How many events one look takes; the next one follows at once when there are more.
BATCH = 500
# Events that a listener can resume from, the newest ones.
WINDOW = 10_000


@dataclass(frozen=True)
class News:
    """One event. `record` is the model's label and the id; None for a person's own doings."""

    position: int
    topic: str
    kind: str
    record: tuple[str, int] | None
    part: int | None


@dataclass(frozen=True)
class Doors:
    """Of every record that some news names; what is missing here is shut to everyone."""

    records: dict[tuple[str, int], Door]
    topics: dict[str, Door]


def fresh_news(after: int) -> tuple[list[News], Doors]:
    """Events behind `after`, numbered first where that has not been done, and the doors of their records."""
    waiting = StreamEvent.objects.filter(Q(position__gt=after) | Q(position__isnull=True))
    if not waiting.exists():
        return [], Doors({}, {})
    give_positions(BATCH)
    rows = StreamEvent.objects.filter(position__gt=after).order_by("position")[:BATCH]
    news = [_news(row) for row in rows]
    return news, doors_of(news)


def window() -> tuple[int, list[News]]:
    """The position behind which no event is missing, and the events since then, in turn."""
    with transaction.atomic():
        last = last_position()
        rows = StreamEvent.objects.filter(position__lte=last).order_by("-position")[:WINDOW]
        news = [_news(row) for row in rows][::-1]
    return (news[0].position - 1 if news else last), news


def _news(row: StreamEvent) -> News:
    assert row.position is not None
    record = (row.record_model, row.record_id) if row.record_id is not None else None
    return News(row.position, row.topic, row.kind, record, row.part_id)


def doors_of(news: Iterable[News]) -> Doors:
    """The doors of the records that the news are about, and of those whose topics they are.

    One query for each model among them.
    """
    wanted = list(news)
    found = Doors({}, {})
    for model in shared_models():
        label, name = model._meta.label, model._meta.model_name
        ids = {one.record[1] for one in wanted if one.record and one.record[0] == label}
        prefix = f"{name}:"
        references = {one.topic.removeprefix(prefix) for one in wanted if one.topic.startswith(prefix)}
        if ids or references:
            for pk, reference, door in doors(model, ids, references):
                found.records[label, pk] = door
                found.topics[prefix + reference] = door
    return found


@dataclass(frozen=True)
class Guest:
    """Whose session it is, and what they hold now."""

    person: int
    access: Access


def guests(sessions: Iterable[str]) -> dict[str, Guest]:
    """By session key, those sessions that stand, of people who are active and hold a position.

    Three queries, however many sessions there are.
    """
    named: dict[str, tuple[int, str, bool]] = {}
    for row in Session.objects.filter(pk__in=list(sessions), expire_date__gt=timezone.now()):
        found = _signed_in(row.session_data)
        if found is not None:
            named[row.session_key] = found
    ids = {person for person, _sign, _proven in named.values()}
    # The sign of a session is made of the password and the clearance, and ends with either.
    people = Person.objects.filter(pk__in=ids, is_active=True).order_by()
    signs, needing = {}, set()
    for pk, password, clearance, is_staff in people.values_list("pk", "password", "clearance", "is_staff"):
        signs[pk] = _signs(password, clearance)
        if is_required(clearance, is_staff=is_staff):
            needing.add(pk)
    entered = {
        key: person
        for key, (person, sign, proven) in named.items()
        if any(constant_time_compare(sign, known) for known in signs.get(person, ()))
        and (proven or person not in needing)
    }
    accesses = gather_accesses(set(entered.values()))
    return {key: Guest(person, accesses[person]) for key, person in entered.items() if accesses[person].held}


@lru_cache(maxsize=20_000)
def _signed_in(session_data: str) -> tuple[int, str, bool] | None:
    """The person (id) and the sign that a session holds, and whether it was entered with a second factor.

    None when nobody has signed in with it.
    """
    data: dict[str, Any] = SessionStore().decode(session_data)
    person, sign = data.get(SESSION_KEY), data.get(HASH_SESSION_KEY)
    if person is None or not sign:
        return None
    return int(person), str(sign), is_proven(data)


@lru_cache(maxsize=20_000)
def _signs(password: str, clearance: int) -> tuple[str, ...]:
    """The signs that sessions of such a person may hold: of the secret key, and of earlier ones."""
    person = Person(password=password, clearance=clearance)
    return (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())


def person_topic(person: int) -> str:
    return f"{PERSON_TOPIC}:{person}"
