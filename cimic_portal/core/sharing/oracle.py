"""The sharing rule as a pure function: the oracle against which every surface is tested.

Written from the words of the domain alone, with none of the machinery of keys, so that the two
cannot be wrong in the same way. No database, no clock of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Classification, Component


@dataclass(frozen=True)
class OfficeFacts:
    organisation: int
    parent: int | None = None
    closed: bool = False
    successor: int | None = None


@dataclass(frozen=True)
class PostFacts:
    """A position that someone holds, or deputises for, at the moment of asking."""

    position: int
    office: int
    is_head: bool = False


@dataclass(frozen=True)
class PersonFacts:
    person: int
    component: Component
    clearance: Classification
    active: bool = True
    held: tuple[PostFacts, ...] = ()
    # Delegations in force whose delegator still holds the position.
    deputised: tuple[PostFacts, ...] = ()
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True)
class GrantFacts:
    expires: datetime
    person: int | None = None
    group: int | None = None


@dataclass(frozen=True)
class NamedFacts:
    """Who a record names in a role that acts on it, besides its author."""

    people: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RecordFacts:
    owner_office: int
    author: int
    classification: Classification
    published: bool
    components: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    # Asked to write or decide before publication.
    asked: NamedFacts = field(default_factory=NamedFacts)
    participants: NamedFacts = field(default_factory=NamedFacts)
    grants: tuple[GrantFacts, ...] = ()


Offices = Mapping[int, OfficeFacts]


class Way(TextChoices):
    """By which of its four ways the rule lets somebody in; and the glass, which is broken past it."""

    OWNER = "owner", _("owner office")
    AUDIENCE = "audience", _("audience")
    NAMED = "named", _("named in it")
    GRANT = "grant", _("opened by a grant")
    GLASS = "glass", _("glass broken")


def ways_in(person: PersonFacts, record: RecordFacts, offices: Offices, now: datetime) -> tuple[Way, ...]:
    """The rule of the domain: active and posted, cleared, and one of the four ways in; none: may not see."""
    if not person.active or not person.held or record.classification > person.clearance:
        return ()
    ways = {
        Way.OWNER: _owns(person, record, offices),
        Way.AUDIENCE: _in_audience(person, record, offices),
        Way.NAMED: _is_named(person, record, offices),
        Way.GRANT: _is_granted(person, record, now),
    }
    return tuple(way for way, is_open in ways.items() if is_open)


def may_see(person: PersonFacts, record: RecordFacts, offices: Offices, now: datetime) -> bool:
    return bool(ways_in(person, record, offices, now))


def _own_organisations(person: PersonFacts, offices: Offices) -> set[int]:
    return {offices[post.office].organisation for post in person.held}


def _acting_posts(person: PersonFacts, offices: Offices) -> list[PostFacts]:
    """Held, and deputised for within an organisation in which the person holds a post."""
    own = _own_organisations(person, offices)
    return [*person.held, *(post for post in person.deputised if offices[post.office].organisation in own)]


def _owns(person: PersonFacts, record: RecordFacts, offices: Offices) -> bool:
    return any(_reaches(post, record.owner_office, offices) for post in _acting_posts(person, offices))


def _reaches(post: PostFacts, office: int, offices: Offices) -> bool:
    """From the owner office upwards, and from a closed office to its successor, to the post's office."""
    organisation = offices[post.office].organisation
    open_steps, seen = [office], set()
    while open_steps:
        step = open_steps.pop()
        facts = offices[step]
        if step in seen or facts.organisation != organisation:
            continue
        seen.add(step)
        if step == post.office:
            return True
        if facts.closed and facts.successor is not None:
            open_steps.append(facts.successor)
        if post.is_head and facts.parent is not None:
            open_steps.append(facts.parent)
    return False


def _in_audience(person: PersonFacts, record: RecordFacts, offices: Offices) -> bool:
    if not record.published:
        return False
    return person.component in record.components or bool(
        _own_organisations(person, offices) & record.organisations
    )


def _is_named(person: PersonFacts, record: RecordFacts, offices: Offices) -> bool:
    own = _own_organisations(person, offices)
    if person.person == record.author and offices[record.owner_office].organisation in own:
        return True
    circles = [record.asked]
    if record.published:
        circles.append(record.participants)
    posts = _acting_posts(person, offices)
    return any(
        person.person in named.people
        or any(post.position in named.positions or post.office in named.offices for post in posts)
        or own & named.organisations
        for named in circles
    )


def _is_granted(person: PersonFacts, record: RecordFacts, now: datetime) -> bool:
    return any(
        grant.expires > now and (grant.person == person.person or grant.group in person.groups)
        for grant in record.grants
        if grant.person is not None or grant.group is not None
    )
