"""The people whose training records one reader may see, with the posts that they hold and held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.models import Holding, Office
from cimic_portal.core.querysets import current
from training.models import TrainingRecord
from training.readiness.reckon import Post, arrival

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Who:
    """One person: their training record, and every post of theirs, those that have ended too."""

    pk: int
    name: str
    order: tuple[str, str, int]
    component: int
    record: TrainingRecord
    posts: tuple[Post, ...] = ()
    post_words: str = ""

    def arrived(self, day: date) -> date | None:
        """The first day of the stay that lasts on `day`."""
        return arrival(self.posts, day)

    def serving(self, day: date) -> list[Post]:
        return [post for post in self.posts if post.lasts(day)]


@dataclass(frozen=True)
class People:
    """Those shown, by name; how many hold a post there whose records the reader may not see, and where."""

    shown: list[Who]
    left_out: int = 0
    closed: frozenset[int] = frozenset()

    @cached_property
    def by_record(self) -> dict[int, Who]:
        return {who.record.pk: who for who in self.shown}


class Tree:
    """The offices, each with those that it stands in. One query."""

    def __init__(self) -> None:
        every = Office.objects.select_related("organisation")
        rows = every.order_by("-organisation__is_mission", "name", "pk")
        self.offices: dict[int, Office] = {office.pk: office for office in rows}
        self._paths: dict[int, frozenset[int]] = {}
        self.children: dict[int | None, list[int]] = defaultdict(list)
        for office in self.offices.values():
            self.children[office.parent_id].append(office.pk)

    def path(self, office: int) -> frozenset[int]:
        """The office and every one above it."""
        if office not in self._paths:
            parent = self.offices[office].parent_id
            above = self.path(parent) if parent is not None else frozenset()
            self._paths[office] = above | {office}
        return self._paths[office]

    def below(self, office: int) -> set[int]:
        """The office and every one below it."""
        found, waiting = set(), [office]
        while waiting:
            step = waiting.pop()
            found.add(step)
            waiting += self.children[step]
        return found

    def walk(self, office: int | None = None, depth: int = 0) -> Iterator[tuple[int, int]]:
        """Every office under this one with its depth, as a tree is read: the mission first, by name."""
        for child in self.children[office]:
            yield child, depth
            yield from self.walk(child, depth + 1)


def read_people(
    reader: Person, tree: Tree, *, offices: Collection[int] | None = None, person: int | None = None
) -> People:
    """Everybody who holds a post now in one of these offices (none given: anywhere), or one person.

    Three queries, whatever the number of people. With none given, those left out are counted in the reader's
    own organisations.
    """
    posted = Holding.objects.filter(current(), person__is_active=True)
    if offices is not None:
        posted = posted.filter(position__office__in=offices)
    if person is not None:
        posted = posted.filter(person=person)
    records = TrainingRecord.objects.visible_to(reader).filter(person__in=posted.values("person"))
    shown = people_of(records, tree)
    if offices is None and person is None:
        posted = posted.filter(position__office__organisation__in=reader.access.organisations)
    known = {who.pk for who in shown}
    hidden = [row for row in posted.values_list("person_id", "position__office_id") if row[0] not in known]
    return People(shown, len({pk for pk, _office in hidden}), frozenset(office for _pk, office in hidden))


def people_of(records: QuerySet[TrainingRecord], tree: Tree) -> list[Who]:
    """The people of these records, by name. Two queries."""
    return list(_shown(list(records.select_related("person")), tree))


def _shown(rows: list[TrainingRecord], tree: Tree) -> Iterator[Who]:
    held = Holding.objects.filter(person__in=[record.person_id for record in rows])
    posts: dict[int, list[Post]] = defaultdict(list)
    words: dict[int, list[str]] = defaultdict(list)
    now = timezone.now()
    for holding in held.select_related("position").order_by("since", "pk"):
        posts[holding.person_id].append(_post(holding, tree))
        if holding.since <= now and (holding.until is None or holding.until > now):
            office = tree.offices[holding.position.office_id]
            words[holding.person_id].append(f"{holding.position.title}, {office}")
    for record in sorted(rows, key=lambda record: _order(record.person)):
        person = record.person
        yield Who(
            pk=person.pk,
            name=str(person),
            order=_order(person),
            component=person.component,
            record=record,
            posts=tuple(posts[person.pk]),
            post_words="; ".join(words[person.pk]),
        )


def _order(person: Person) -> tuple[str, str, int]:
    return (person.family_name.casefold(), person.given_name.casefold(), person.pk)


def _post(holding: Holding, tree: Tree) -> Post:
    office = tree.offices[holding.position.office_id]
    return Post(
        since=_day(holding.since),
        until=_day(holding.until) if holding.until else None,
        position=holding.position_id,
        office=office.pk,
        offices=tree.path(office.pk),
        component=office.component,
        of_mission=office.organisation.is_mission,
    )


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def positions_of(people: Iterable[Who]) -> Mapping[int, Post]:
    """One post for each position that any of them holds or held: of whom rules ask does not change."""
    return {post.position: post for who in people for post in who.posts}


def records_of(people: Iterable[Who]) -> list[TrainingRecord]:
    """The training records that are shown, for the log of reads and the level of the page."""
    return [who.record for who in people]
