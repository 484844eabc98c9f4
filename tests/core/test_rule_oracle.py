"""The sharing rule, clause by clause: who may see what, written by hand from the domain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cimic_portal.core.sharing.levels import Classification as Level
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.oracle import (
    GrantFacts,
    NamedFacts,
    OfficeFacts,
    PersonFacts,
    PostFacts,
    RecordFacts,
    may_see,
)

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
MISSION, PARTNER, STATE = 1, 2, 3
HQ, SECTOR, TEAM, OLD_TEAM, NEIGHBOUR, COUNTRY_OFFICE, FIELD_OFFICE, MINISTRY = range(11, 19)

OFFICES = {
    HQ: OfficeFacts(MISSION),
    SECTOR: OfficeFacts(MISSION, parent=HQ),
    TEAM: OfficeFacts(MISSION, parent=SECTOR),
    OLD_TEAM: OfficeFacts(MISSION, parent=SECTOR, closed=True, successor=TEAM),
    NEIGHBOUR: OfficeFacts(MISSION, parent=HQ),
    COUNTRY_OFFICE: OfficeFacts(PARTNER),
    FIELD_OFFICE: OfficeFacts(PARTNER, parent=COUNTRY_OFFICE),
    MINISTRY: OfficeFacts(STATE),
}

# A post in an office has the office's number times ten; its head one more.


def post(office: int, *, head: bool = False) -> PostFacts:
    return PostFacts(position=office * 10 + head, office=office, is_head=head)


def someone(*posts: PostFacts, **facts: object) -> PersonFacts:
    """A military person cleared for everything, so that only the facts given decide."""
    person = PersonFacts(
        person=100, component=Component.MILITARY, clearance=Level.STRICTLY_CONFIDENTIAL, held=posts
    )
    return replace(person, **facts)


def record(**facts: object) -> RecordFacts:
    """A draft of the team, written by a stranger, that nobody is named in."""
    plain = RecordFacts(owner_office=TEAM, author=999, classification=Level.UNCLASSIFIED, published=False)
    return replace(plain, **facts)


def published(**facts: object) -> RecordFacts:
    return record(published=True, **facts)


def sees(person: PersonFacts, of: RecordFacts) -> bool:
    return may_see(person, of, OFFICES, NOW)


COLLEAGUE = someone(post(TEAM))
OUTSIDER = someone(post(NEIGHBOUR))
FOR_MILITARY = published(components=frozenset({Component.MILITARY}))
ALL_WAYS_IN = record(
    author=100,
    published=True,
    components=frozenset(Component),
    organisations=frozenset({MISSION, PARTNER, STATE}),
    asked=NamedFacts(people=frozenset({100})),
    participants=NamedFacts(people=frozenset({100})),
    grants=(GrantFacts(expires=NOW + timedelta(days=1), person=100),),
)

TABLE = {
    # First: active, and in a post.
    "a colleague reads a draft of the office": (COLLEAGUE, record(), True),
    "an inactive person reads nothing": (replace(COLLEAGUE, active=False), ALL_WAYS_IN, False),
    "without a post one reads nothing": (someone(), ALL_WAYS_IN, False),
    "a delegation is no post": (someone(deputised=(post(TEAM),)), ALL_WAYS_IN, False),
    # Second: cleared.
    "cleared for exactly this level": (
        replace(COLLEAGUE, clearance=Level.CONFIDENTIAL),
        record(classification=Level.CONFIDENTIAL),
        True,
    ),
    "not cleared, whatever else holds": (
        replace(COLLEAGUE, clearance=Level.CONFIDENTIAL),
        replace(ALL_WAYS_IN, classification=Level.STRICTLY_CONFIDENTIAL),
        False,
    ),
    "a grant does not lift clearance": (
        replace(OUTSIDER, clearance=Level.UNCLASSIFIED),
        record(
            classification=Level.CONFIDENTIAL,
            grants=(GrantFacts(expires=NOW + timedelta(days=1), person=100),),
        ),
        False,
    ),
    # Third: the owner office, its head and the heads above.
    "another office does not read a draft": (OUTSIDER, record(), False),
    "the head of the office": (someone(post(TEAM, head=True)), record(), True),
    "the head of the office above": (someone(post(SECTOR, head=True)), record(), True),
    "the head two offices above": (someone(post(HQ, head=True)), record(), True),
    "staff of the office above is not its head": (someone(post(SECTOR)), record(), False),
    "the head of the office below": (
        someone(post(TEAM, head=True)),
        record(owner_office=SECTOR),
        False,
    ),
    "the head of an office beside": (someone(post(NEIGHBOUR, head=True)), record(), False),
    "no head of the mission reads a partner's draft": (
        someone(post(HQ, head=True)),
        record(owner_office=FIELD_OFFICE),
        False,
    ),
    "the partner's head reads it": (
        someone(post(COUNTRY_OFFICE, head=True)),
        record(owner_office=FIELD_OFFICE),
        True,
    ),
    # Closed offices.
    "the successor inherits": (COLLEAGUE, record(owner_office=OLD_TEAM), True),
    "the head above a closed office": (
        someone(post(SECTOR, head=True)),
        record(owner_office=OLD_TEAM),
        True,
    ),
    "an office beside inherits nothing": (OUTSIDER, record(owner_office=OLD_TEAM), False),
    "the closed office does not read its successor's records": (someone(post(OLD_TEAM)), record(), False),
    # Delegation.
    "a delegate reads as the office does": (
        someone(post(NEIGHBOUR), deputised=(post(TEAM),)),
        record(),
        True,
    ),
    "a delegate of a head reads as the head does": (
        someone(post(NEIGHBOUR), deputised=(post(SECTOR, head=True),)),
        record(),
        True,
    ),
    "a delegate of the successor inherits": (
        someone(post(NEIGHBOUR), deputised=(post(TEAM),)),
        record(owner_office=OLD_TEAM),
        True,
    ),
    "no delegation across organisations": (
        someone(post(COUNTRY_OFFICE), deputised=(post(TEAM),)),
        record(),
        False,
    ),
    "a delegate keeps their own clearance": (
        someone(post(NEIGHBOUR), deputised=(post(TEAM),), clearance=Level.UNCLASSIFIED),
        record(classification=Level.CONFIDENTIAL),
        False,
    ),
    "a delegate keeps their own component": (
        someone(post(NEIGHBOUR), deputised=(post(TEAM),), component=Component.POLICE),
        replace(FOR_MILITARY, owner_office=MINISTRY),
        False,
    ),
    "a delegate of a named position": (
        someone(post(NEIGHBOUR), deputised=(post(SECTOR),)),
        published(participants=NamedFacts(positions=frozenset({SECTOR * 10}))),
        True,
    ),
    # The audience, from publication on.
    "the audience does not read a draft": (OUTSIDER, replace(FOR_MILITARY, published=False), False),
    "the component of the audience": (OUTSIDER, FOR_MILITARY, True),
    "another component": (replace(OUTSIDER, component=Component.POLICE), FOR_MILITARY, False),
    "the organisation of the audience": (
        someone(post(FIELD_OFFICE), component=Component.HUMANITARIAN),
        published(organisations=frozenset({PARTNER})),
        True,
    ),
    "another organisation": (
        someone(post(MINISTRY), component=Component.HOST_STATE),
        published(organisations=frozenset({PARTNER})),
        False,
    ),
    "the organisation does not read a draft": (
        someone(post(FIELD_OFFICE)),
        record(organisations=frozenset({PARTNER})),
        False,
    ),
    "published without an audience stays with the office": (OUTSIDER, published(), False),
    "one post in two organisations is enough": (
        someone(post(NEIGHBOUR), post(FIELD_OFFICE)),
        published(organisations=frozenset({PARTNER})),
        True,
    ),
    "a delegation gives no organisation": (
        someone(post(NEIGHBOUR), deputised=(post(FIELD_OFFICE),)),
        published(organisations=frozenset({PARTNER})),
        False,
    ),
    # Named in an acting role.
    "the author reads their draft from another office": (OUTSIDER, record(author=100), True),
    "the author's right ends with the organisation": (
        someone(post(COUNTRY_OFFICE)),
        record(author=100),
        False,
    ),
    "the author in both organisations": (
        someone(post(COUNTRY_OFFICE), post(NEIGHBOUR)),
        record(author=100),
        True,
    ),
    "asked before publication": (
        OUTSIDER,
        record(asked=NamedFacts(positions=frozenset({NEIGHBOUR * 10}))),
        True,
    ),
    "a participant waits for publication": (
        OUTSIDER,
        record(participants=NamedFacts(people=frozenset({100}))),
        False,
    ),
    "a participant by person": (OUTSIDER, published(participants=NamedFacts(people=frozenset({100}))), True),
    "a participant by position": (
        OUTSIDER,
        published(participants=NamedFacts(positions=frozenset({NEIGHBOUR * 10}))),
        True,
    ),
    "a colleague of the named position is not named": (
        OUTSIDER,
        published(participants=NamedFacts(positions=frozenset({NEIGHBOUR * 10 + 1}))),
        False,
    ),
    "a named office opens to its people": (
        OUTSIDER,
        published(participants=NamedFacts(offices=frozenset({NEIGHBOUR}))),
        True,
    ),
    "a named office does not open to the head above": (
        someone(post(HQ, head=True)),
        published(owner_office=FIELD_OFFICE, participants=NamedFacts(offices=frozenset({NEIGHBOUR}))),
        False,
    ),
    "a named organisation opens to its people": (
        someone(post(MINISTRY)),
        published(participants=NamedFacts(organisations=frozenset({STATE}))),
        True,
    ),
    "being met shares nothing: nobody is named by it": (
        someone(post(MINISTRY), component=Component.HOST_STATE),
        published(components=frozenset({Component.MILITARY})),
        False,
    ),
    # Grants.
    "a live grant to the person": (
        OUTSIDER,
        record(grants=(GrantFacts(expires=NOW + timedelta(seconds=1), person=100),)),
        True,
    ),
    "a grant ends at its moment": (OUTSIDER, record(grants=(GrantFacts(expires=NOW, person=100),)), False),
    "a grant to someone else": (
        OUTSIDER,
        record(grants=(GrantFacts(expires=NOW + timedelta(days=1), person=101),)),
        False,
    ),
    "a grant to a group of theirs": (
        replace(OUTSIDER, groups=frozenset({7})),
        record(grants=(GrantFacts(expires=NOW + timedelta(days=1), group=7),)),
        True,
    ),
    "a grant to another group": (
        replace(OUTSIDER, groups=frozenset({7})),
        record(grants=(GrantFacts(expires=NOW + timedelta(days=1), group=8),)),
        False,
    ),
    "an expired grant to a group": (
        replace(OUTSIDER, groups=frozenset({7})),
        record(grants=(GrantFacts(expires=NOW - timedelta(days=1), group=7),)),
        False,
    ),
    "a grant to nobody opens to nobody": (
        OUTSIDER,
        record(grants=(GrantFacts(expires=NOW + timedelta(days=1)),)),
        False,
    ),
    "a group and a person of the same number differ": (
        replace(OUTSIDER, groups=frozenset({101})),
        record(grants=(GrantFacts(expires=NOW + timedelta(days=1), person=101),)),
        False,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_rule_says(case: str) -> None:
    person, of, expected = TABLE[case]
    assert sees(person, of) is expected


def test_rule_survives_a_circle_of_offices() -> None:
    """A tree that bites its tail (the database does not forbid it) ends, and opens nothing more."""
    offices = {
        1: OfficeFacts(MISSION, parent=2, closed=True, successor=2),
        2: OfficeFacts(MISSION, parent=1, closed=True, successor=1),
        3: OfficeFacts(MISSION),
    }
    stranger = someone(PostFacts(position=9, office=3, is_head=True))
    assert not may_see(stranger, record(owner_office=1), offices, NOW)
