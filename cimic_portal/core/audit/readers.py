"""Who could have read a record at a moment or on a day, by the rule and the trail of that time.

The rule is the oracle's; what it is asked about is what the trail says of people, posts, offices, grants and
the record as they stood then. So it answers as well for those who left and for what was changed since.
Source: domain, "The sharing rule".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings

from cimic_portal.core.audit.past import Past
from cimic_portal.core.models import (
    BrokenGlass,
    Delegation,
    GroupMembership,
    Holding,
    Office,
    Person,
    Position,
)
from cimic_portal.core.sharing.grants import grant_models_of
from cimic_portal.core.sharing.levels import Classification, Component, KeyKind
from cimic_portal.core.sharing.oracle import (
    GrantFacts,
    NamedFacts,
    OfficeFacts,
    PersonFacts,
    PostFacts,
    RecordFacts,
    Way,
    ways_in,
)
from cimic_portal.core.sharing.records import SharedRecord

_CIRCLES = {
    KeyKind.PERSON: "people",
    KeyKind.POSITION: "positions",
    KeyKind.OFFICE: "offices",
    KeyKind.ORGANISATION: "organisations",
}


@dataclass
class Span:
    """From when until when (exclusive) somebody could read it, and by which ways."""

    since: datetime
    until: datetime
    ways: tuple[Way, ...]


@dataclass
class Reader:
    person: Person
    spans: list[Span] = field(default_factory=list)


class ReadersOf:
    """The readers of one record in [since, until)."""

    def __init__(self, record: SharedRecord, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        self._mission = _Mission()
        self._record = _RecordOverTime(record)
        one = {"record_model": record._meta.label, "record_id": record.pk}
        self._glasses = Past(BrokenGlass, "person_id", "since", "until", **one)

    def found(self) -> list[Reader]:
        """Everybody who could read it at some moment of the time, by family name."""
        people = Person.objects.in_bulk()
        readers: dict[int, Reader] = {}
        for since, until in self._steps():
            for person, ways in self._at(since):
                reader = readers.setdefault(person, Reader(people[person]))
                last = reader.spans[-1] if reader.spans else None
                if last is not None and last.until == since and last.ways == ways:
                    last.until = until
                else:
                    reader.spans.append(Span(since, until, ways))
        return sorted(readers.values(), key=lambda one: (one.person.family_name, one.person.given_name))

    def _at(self, moment: datetime) -> Iterator[tuple[int, tuple[Way, ...]]]:
        record = self._record.at(moment)
        if record is None:
            return
        offices = self._mission.offices_at(moment)
        broke = {row["person_id"] for row in self._glasses.at(moment) if _runs(row, moment)}
        for person in self._mission.people_at(moment):
            ways = ways_in(person, record, offices, moment)
            if person.person in broke:
                ways += (Way.GLASS,)
            if ways:
                yield person.person, ways

    def _steps(self) -> Iterator[tuple[datetime, datetime]]:
        """Between two changes nothing that the rule asks about is different."""
        changes = {
            *self._mission.changes(self.since, self.until),
            *self._record.changes(self.since, self.until),
            *self._glasses.changes(self.since, self.until, "since", "until"),
        }
        times = sorted({self.since, *changes, self.until})
        return pairwise(times)


class _Mission:
    """People, posts and offices over time."""

    def __init__(self) -> None:
        self._people = Past(Person, "pgh_obj_id", "component", "clearance", "is_active")
        self._groups = Past(GroupMembership, identity=("person_id", "group_id"))
        self._offices = Past(Office, "organisation_id", "parent_id", "successor_id", "closed_on")
        self._positions = Past(Position, "office_id", "is_head")
        self._holdings = Past(Holding, "person_id", "position_id", "since", "until")
        self._delegations = Past(Delegation, "delegate_id", "delegator_id", "position_id", "since", "until")

    def changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        for past in (self._people, self._groups, self._offices, self._positions):
            yield from past.changes(since, until)
        for past in (self._holdings, self._delegations):
            yield from past.changes(since, until, "since", "until")

    def offices_at(self, moment: datetime) -> dict[int, OfficeFacts]:
        day = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        return {
            row["pgh_obj_id"]: OfficeFacts(
                organisation=row["organisation_id"],
                parent=row["parent_id"],
                closed=row["closed_on"] is not None and row["closed_on"] <= day,
                successor=row["successor_id"],
            )
            for row in self._offices.at(moment)
        }

    def people_at(self, moment: datetime) -> Iterator[PersonFacts]:
        posts = {
            row["pgh_obj_id"]: PostFacts(row["pgh_obj_id"], row["office_id"], row["is_head"])
            for row in self._positions.at(moment)
        }
        held = [row for row in self._holdings.at(moment) if _runs(row, moment)]
        pairs = {(row["person_id"], row["position_id"]) for row in held}
        deputised = [
            row
            for row in self._delegations.at(moment)
            if _runs(row, moment) and (row["delegator_id"], row["position_id"]) in pairs
        ]
        own = _by(held, "person_id", posts)
        lent = _by(deputised, "delegate_id", posts)
        groups: dict[int, set[int]] = {}
        for row in self._groups.at(moment):
            groups.setdefault(row["person_id"], set()).add(row["group_id"])
        for row in self._people.at(moment):
            person = row["pgh_obj_id"]
            yield PersonFacts(
                person=person,
                component=Component(row["component"]),
                clearance=Classification(row["clearance"]),
                active=row["is_active"],
                held=tuple(own.get(person, ())),
                deputised=tuple(lent.get(person, ())),
                groups=frozenset(groups.get(person, ())),
            )


class _RecordOverTime:
    """One record with whom it named and was opened to, over time."""

    def __init__(self, record: SharedRecord) -> None:
        model = type(record)
        roles = model.roles  # type: ignore[attr-defined]
        columns = [named.column for named in roles.columns]
        self._columns = roles.columns
        self._record = Past(
            model,
            "owner_office_id",
            "author_id",
            "classification",
            "published_at",
            "audience_components",
            "audience_organisations",
            *columns,
            pgh_obj=record.pk,
        )
        self._children = [
            (child, Past(_table(child.table), child.column, **{child.record_column: record.pk}))
            for child in roles.children
        ]
        to_person, to_group = grant_models_of(model)
        opened = {"content_object": record.pk}
        self._grants = [
            (Past(to_person, "user_id", "expires_at", **opened), "person", "user_id"),
            (Past(to_group, "group_id", "expires_at", **opened), "group", "group_id"),
        ]

    def changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        yield from self._record.changes(since, until)
        for _child, past in self._children:
            yield from past.changes(since, until)
        for past, _kind, _column in self._grants:
            yield from past.changes(since, until, "expires_at")

    def at(self, moment: datetime) -> RecordFacts | None:
        """None before it was entered."""
        row = next(self._record.at(moment), None)
        if row is None:
            return None
        asked = [(named.kind, row[named.column]) for named in self._columns if named.early]
        later = [(named.kind, row[named.column]) for named in self._columns if not named.early]
        for child, past in self._children:
            names = [(child.kind, values[child.column]) for values in past.at(moment)]
            (asked if child.early else later).extend(names)
        return RecordFacts(
            owner_office=row["owner_office_id"],
            author=row["author_id"],
            classification=Classification(row["classification"]),
            published=row["published_at"] is not None,
            components=frozenset(row["audience_components"]),
            organisations=frozenset(row["audience_organisations"]),
            asked=_named(asked),
            participants=_named(later),
            grants=tuple(
                GrantFacts(expires=values["expires_at"], **{kind: values[column]})
                for past, kind, column in self._grants
                for values in past.at(moment)
            ),
        )


def _runs(row: dict[str, Any], moment: datetime) -> bool:
    return bool(row["since"] <= moment and (row["until"] is None or row["until"] > moment))


def _by(
    rows: Iterable[dict[str, Any]], person: str, posts: dict[int, PostFacts]
) -> dict[int, list[PostFacts]]:
    found: dict[int, list[PostFacts]] = {}
    for row in rows:
        found.setdefault(row[person], []).append(posts[row["position_id"]])
    return found


def _named(names: Iterable[tuple[KeyKind, int | None]]) -> NamedFacts:
    circles: dict[str, set[int]] = {circle: set() for circle in _CIRCLES.values()}
    for kind, pk in names:
        if pk is not None:
            circles[_CIRCLES[kind]].add(pk)
    return NamedFacts(**{circle: frozenset(found) for circle, found in circles.items()})


def _table(name: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == name)
