"""The trail of one kind of record, searched by record, person, verb and time, within the sharing rule.

One kind at a time: each has an event table of its own, whose rows carry who, which verb and from where, so
nothing is joined. Events are walked from the newest back by their number. What the reader may not see
today is not among them; of the rest, the histories of a batch of records are gathered at once and judged
row by row, under each row's own day (`snapshots`), before anything is counted or shown. So the page shows
exactly what the histories of the records show, and how far it reaches says nothing of what they hide.

A period bounds what is read: numbers grow with time, so its beginning and end are found in the primary key
by halving. Parts are not searched: they stand in their record's own history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from psycopg2 import sql

from cimic_portal.core.audit.events import event_model_of
from cimic_portal.core.audit.history import Entry, histories_of
from cimic_portal.core.audit.snapshots import visible_events_of
from cimic_portal.core.paging import PAGE_SIZE, Keyset
from cimic_portal.core.sharing.records import SharedRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_WHY = "the trail is searched under the rule of today and of each row's own day"
# How many events are judged at once; of a record that was written for long, many are of its draft.
BATCH = 100
# Numbers are given while a verb runs, its moment when it begins: none runs for longer.
_LONGEST_VERB = timedelta(days=1)
_FIRST_SINCE = """
WITH RECURSIVE halves(low, high) AS (
    SELECT coalesce(min(pgh_id), 1), coalesce(max(pgh_id), 0) + 1 FROM {table}
    UNION ALL
    SELECT CASE WHEN older THEN middle + 1 ELSE low END, CASE WHEN older THEN high ELSE middle END
    FROM (
        SELECT low, high, middle, coalesce(
            (SELECT pgh_created_at < %s FROM {table} WHERE pgh_id >= middle ORDER BY pgh_id LIMIT 1), false
        ) AS older
        FROM (SELECT low, high, (low + high) / 2 AS middle FROM halves WHERE low < high) AS cut
    ) AS judged
)
SELECT min(high) FROM halves
"""


@dataclass(frozen=True)
class Sought:
    """What is looked for. `record`: its reference, a person's e-mail, or the number of a row."""

    kind: type[models.Model]
    since: datetime
    until: datetime
    record: str = ""
    actor: int | None = None
    verb: str = ""


@dataclass
class Found:
    """One page, newest first: the row (None where it is gone) with its id and what was done to it."""

    lines: list[tuple[Any | None, int, Entry]] = field(default_factory=list)
    more: bool = False


def kinds() -> list[type[models.Model]]:
    """The models whose trail can be searched: shared records and reference data, by name."""
    found = [
        model
        for model in apps.get_models()
        if getattr(model, "sharing", "") in ("shared", "reference") and _has_rows(model)
    ]
    return sorted(found, key=lambda model: str(model._meta.verbose_name_plural).casefold())


def _has_rows(model: type[models.Model]) -> bool:
    """Whether its events name the row that they are about."""
    trail = event_model_of(model)
    return trail is not None and any(one.name == "pgh_obj" for one in trail._meta.concrete_fields)


def places_in(kind: type[models.Model]) -> Keyset[Any]:
    """How a place in the trail of this kind is written into an address and read from it."""
    trail: Any = event_model_of(kind)
    return Keyset(trail._default_manager.unscoped("only an address is made of it"), ("-pgh_id",))


def search(sought: Sought, person: Person, *, before: int | None = None, size: int = PAGE_SIZE) -> Found:
    """What was done, newest first, as far as the person may read it; `before`: the number of an entry."""
    found = Found()
    events = _candidates(sought, person)
    for batch in _batches(events, before):
        told = _told(sought.kind, batch, person)
        for number, pk in batch:
            entry = told.get(pk, {}).get(number)
            if entry is None:
                continue
            if len(found.lines) == size:
                found.more = True
                return _named(found, sought.kind, person)
            found.lines.append((None, pk, entry))
    return _named(found, sought.kind, person)


def _candidates(sought: Sought, person: Person) -> Any:
    """Events that fit, of records that the person may see today; not judged yet."""
    trail: Any = event_model_of(sought.kind)
    table = trail._meta.db_table
    period = Q(pgh_created_at__gte=sought.since, pgh_created_at__lt=sought.until)
    numbers = Q(
        pgh_id__gte=_first_since(table, sought.since - _LONGEST_VERB),
        pgh_id__lt=_first_since(table, sought.until + _LONGEST_VERB),
    )
    events = trail._default_manager.unscoped(_WHY).filter(period & numbers)
    if sought.actor is not None:
        events = events.filter(pgh_context__actor=sought.actor)
    if sought.verb:
        events = events.filter(
            Q(pgh_context__verb=sought.verb) | Q(pgh_context__verb__endswith=f".{sought.verb}")
        )
    if issubclass(sought.kind, SharedRecord):
        rows: Any = sought.kind._default_manager
        seen = rows.visible_to(person).order_by()
        seen = seen.filter(reference=sought.record) if sought.record else seen
        return events.filter(pgh_obj_id__in=seen.values("pk"), classification__lte=person.access.clearance)
    return events.filter(pgh_obj_id__in=_row_keys(sought)) if sought.record else events


def _row_keys(sought: Sought) -> list[int]:
    """Rows of reference data by their number, or by the name under which they are known to people."""
    text = sought.record
    if text.isdecimal():
        return [int(text)] if len(text) < len("1000000000") else []
    names = [name for name in ("email", "pcode", "name") if _has_column(sought.kind, name)]
    asked = Q(*((f"{name}__iexact", text) for name in names), _connector=Q.OR)
    return list(sought.kind._default_manager.filter(asked).values_list("pk", flat=True)) if names else []


def _has_column(model: type[models.Model], name: str) -> bool:
    return any(one.name == name for one in model._meta.concrete_fields)


def _first_since(table: str, moment: datetime) -> int:
    """The number of the first event at or after the moment, found by halving; one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_FIRST_SINCE).format(table=sql.Identifier(table)), [moment])
        return int(cursor.fetchone()[0])


def _batches(events: Any, before: int | None) -> Iterator[list[tuple[int, int]]]:
    """(number, id of the row) of the events, newest first."""
    while True:
        older = events if before is None else events.filter(pgh_id__lt=before)
        batch = list(older.order_by("-pgh_id").values_list("pgh_id", "pgh_obj_id")[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        before = batch[-1][0]


def _told(
    kind: type[models.Model], batch: list[tuple[int, int]], person: Person
) -> dict[int, dict[int, Entry]]:
    """What the reader may read of these rows' histories: by row, by the number that ends the entry."""
    keys = {pk for _number, pk in batch}
    if issubclass(kind, SharedRecord):
        seen: Any = visible_events_of(kind, keys, person)
    else:
        seen = {pk: [] for pk in keys}
        trail: Any = event_model_of(kind)
        events = trail._default_manager.unscoped(_WHY).filter(pgh_obj_id__in=keys).order_by("pgh_id")
        for event in events:
            steps = seen[event.pgh_obj_id]
            steps.append((len(steps), event))
    histories = histories_of(kind, seen, person)
    return {pk: {entry.number: entry for entry in entries} for pk, entries in histories.items()}


def _named(found: Found, kind: type[models.Model], person: Person) -> Found:
    """With the rows that the lines are about."""
    rows: Any = kind._default_manager
    rows = rows.visible_to(person) if issubclass(kind, SharedRecord) else rows.all()
    joins: tuple[str, ...] = getattr(kind, "name_joins", ())
    rows = rows.select_related(*joins) if joins else rows
    by_key = {row.pk: row for row in rows.filter(pk__in={pk for _row, pk, _entry in found.lines})}
    found.lines = [(by_key.get(pk), pk, entry) for _row, pk, entry in found.lines]
    return found
