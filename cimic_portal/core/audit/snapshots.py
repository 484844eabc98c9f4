"""Who could read a record at each point of its history.

A row of history is visible under the rule of today and under its own day's: what the record was,
and whom it named and was opened to, when the row was written. The person is taken as of today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps

from cimic_portal.core.sharing.grants import GroupGrant, PersonGrant
from cimic_portal.core.sharing.levels import KeyKind, key

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord
    from cimic_portal.core.sharing.triggers import NamedIn

_WHY = "history asks today's rule and each row's own"


def visible_events(record: SharedRecord, person: Person) -> list[tuple[int, Any]]:
    """The record's events that this person may see, oldest first, each with its place in the row of all.

    Empty when the record itself is not visible today.
    """
    return visible_events_of(type(record), [record.pk], person).get(record.pk, [])


def visible_events_of(
    model: type[SharedRecord], keys: Iterable[int], person: Person
) -> dict[int, list[tuple[int, Any]]]:
    """The same for several records of one model, by their ids; those not visible today are not in it.

    The number of queries does not depend on that of the records.
    """
    rows: Any = model._default_manager
    seen = list(rows.visible_to(person).filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True))
    if not seen:
        return {}
    trails: dict[int, list[Any]] = {pk: [] for pk in seen}
    events: Any = model.events.rel.related_model._default_manager  # type: ignore[attr-defined]
    for event in events.unscoped(_WHY).filter(pgh_obj_id__in=seen).order_by("pgh_id"):
        trails[event.pgh_obj_id].append(event)
    every = [event for trail in trails.values() for event in trail]
    beside = _Beside(model, seen, person)
    either = [_by_office_audience_and_role(model, person), _as_author(every, person)]
    found = {}
    for pk, trail in trails.items():
        ways = [*either, _as_participant(beside, pk, trail, person), _by_grant(beside, pk, trail)]
        found[pk] = [
            (place, event)
            for place, event in enumerate(trail)
            if event.classification <= person.access.clearance and any(way(place, event) for way in ways)
        ]
    return found


class _Beside:
    """The trails of what names people in some records of one model, and of what opens these to the person.

    Rows as (context, moment, label, column …), by record; a query for each table.
    """

    def __init__(self, model: type[SharedRecord], keys: list[int], person: Person) -> None:
        self.children = {child: child_trail(child, keys) for child in model.roles.children}  # type: ignore[attr-defined]
        groups = list(person.groups.values_list("pk", flat=True))
        self.grants = []
        for base, named in ((PersonGrant, {"user": person.pk}), (GroupGrant, {"group__in": groups})):
            trail = _trail_of(_grant_table(model, base)).filter(content_object__in=keys, **named)
            self.grants.append(_by_record(trail, "content_object", "id", "expires_at"))


Trails = dict[int, list[tuple[Any, ...]]]


def child_trail(child: NamedIn, keys: Iterable[int]) -> Trails:
    """What was named in this child table, by record."""
    trail = _trail_of(child.table).filter(**{f"{child.record_column}__in": list(keys)})
    return _by_record(trail, child.record_column, child.column)


def _by_record(trail: Any, record: str, *columns: str) -> Trails:
    found: Trails = {}
    wanted = (record, "pgh_context_id", "pgh_created_at", "pgh_label", *columns)
    for pk, *rest in trail.order_by("pgh_id").values_list(*wanted):
        found.setdefault(pk, []).append(tuple(rest))
    return found


WayIn = Callable[[int, Any], bool]


def _by_office_audience_and_role(model: type[SharedRecord], person: Person) -> WayIn:
    columns = model.roles.columns  # type: ignore[attr-defined]

    def way(_place: int, event: Any) -> bool:
        keys = {key(KeyKind.OWNER, event.owner_office_id)}
        for named in columns:
            value = getattr(event, named.column)
            if value is not None and (named.early or event.published_at):
                keys.add(key(named.kind, value))
        if event.published_at:
            keys |= {key(KeyKind.COMPONENT, c) for c in event.audience_components}
            keys |= {key(KeyKind.ORGANISATION, o) for o in event.audience_organisations}
        return bool(keys & person.access.keys)

    return way


def _as_author(events: list[Any], person: Person) -> WayIn:
    """An author's right ends with the organisation for which they wrote."""
    office = apps.get_model("core", "Office")
    own = set(
        office._default_manager.filter(
            pk__in={event.owner_office_id for event in events},
            organisation__in=person.access.organisations,
        ).values_list("pk", flat=True)
    )
    return lambda _place, event: event.author_id == person.pk and event.owner_office_id in own


def _as_participant(beside: _Beside, pk: int, events: list[Any], person: Person) -> WayIn:
    """Named in a child table at the time. What names in it never changes: such rows are replaced."""
    named = [(child, trail.get(pk, [])) for child, trail in beside.children.items()]
    early = _keys_named([(child, rows) for child, rows in named if child.early], events)
    later = _keys_named([(child, rows) for child, rows in named if not child.early], events)
    own = person.access.keys
    return lambda place, event: bool(early[place] & own or (event.published_at and later[place] & own))


def keys_at(children: Iterable[NamedIn], record: SharedRecord, events: list[Any]) -> list[frozenset[int]]:
    """The keys named in these tables at each of the record's events."""
    named = [(child, child_trail(child, [record.pk]).get(record.pk, [])) for child in children]
    return _keys_named(named, events)


def _keys_named(
    named: Iterable[tuple[NamedIn, list[tuple[Any, ...]]]], events: list[Any]
) -> list[frozenset[int]]:
    steps = [
        (place, key(child.kind, found), 1 if label == "insert" else -1)
        for child, rows in named
        for place, label, found in _placed(rows, events)
        if found is not None and label in ("insert", "delete")
    ]
    return _keys_over_time(sorted(steps, key=lambda step: step[0]), len(events))


def _keys_over_time(steps: list[tuple[int, int, int]], length: int) -> list[frozenset[int]]:
    """The keys in force at each place, from steps of (place, key, +1 or -1) sorted by place."""
    counts: Counter[int] = Counter()
    over_time, rest = [], iter([*steps, (length, 0, 0)])
    step = next(rest)
    for place in range(length):
        while step[0] <= place:
            counts[step[1]] += step[2]
            step = next(rest)
        over_time.append(frozenset(k for k, count in counts.items() if count > 0))
    return over_time


def _by_grant(beside: _Beside, record: int, events: list[Any]) -> WayIn:
    """Opened at the time to the person or a group of theirs, and not run out then."""
    spans: dict[int, list[Any]] = {}
    for grants in beside.grants:
        for place, label, pk, expires_at in _placed(grants.get(record, []), events):
            if label == "insert":
                spans[pk] = [place, len(events), expires_at]
            elif pk in spans:
                spans[pk][1] = place
    return lambda place, event: any(
        since <= place < until and event.pgh_created_at < expires_at
        for since, until, expires_at in spans.values()
    )


def _placed(trail: Iterable[tuple[Any, ...]], events: list[Any]) -> Iterable[tuple[Any, ...]]:
    """(place among the record's events, label, columns …) of each change in another table.

    A verb writes both in one transaction, so the same context tells the place exactly. A change
    outside of verbs counts from the record's next event on.
    """
    places: dict[Any, int] = {}
    for place, event in enumerate(events):
        places.setdefault(event.pgh_context_id, place)
    places.pop(None, None)
    for context, at, *values in trail:
        later = (place for place, event in enumerate(events) if event.pgh_created_at >= at)
        yield (places[context] if context in places else next(later, len(events)), *values)


def _trail_of(table: str) -> Any:
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is not None and tracked._meta.db_table == table:
            events: Any = model._default_manager
            return events.unscoped(_WHY)
    raise LookupError(f"{table} is not tracked.")


def _grant_table(record: type[SharedRecord], base: type[PersonGrant | GroupGrant]) -> str:
    for model in apps.get_models():
        options: Any = model._meta
        if issubclass(model, base) and options.get_field("content_object").related_model is record:
            return str(options.db_table)
    raise LookupError(f"{record.__name__} has no grant table.")
