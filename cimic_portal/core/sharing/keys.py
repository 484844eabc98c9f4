"""The keys of people: what they may read and act for, gathered in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from zlib import crc32

from django.apps import apps
from django.conf import settings

from cimic_portal.core.prepared import Prepared
from cimic_portal.core.sharing.levels import KeyKind, key


@dataclass(frozen=True)
class Access:
    """What a person holds at this moment.

    keys: reader keys (empty when inactive or without a current position);
    held: positions held in person; positions: those and the ones deputised for;
    offices: offices of `positions`; owned: those whose records they own, with what lies below an office
    they head; organisations: those of the positions held.
    """

    person_id: int
    component: int
    clearance: int
    keys: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    owned: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()


# Times are those of the statement: a transaction may be old.
# Walks from the posts that each person holds, or deputises for within the same organisation, to the
# offices whose records they own: their own, those below an office they head, and closed offices
# that one of these succeeds.
_POSTS = """
WITH RECURSIVE me AS (
    SELECT id, component, clearance FROM core_person WHERE id = ANY($1) AND is_active
), held AS (
    SELECT h.person_id, p.id AS position_id, p.office_id, p.is_head, o.organisation_id
    FROM core_holding h
    JOIN core_position p ON p.id = h.position_id
    JOIN core_office o ON o.id = p.office_id
    WHERE h.person_id = ANY($1) AND h.person_id IN (SELECT id FROM me)
      AND h.since <= statement_timestamp() AND (h.until IS NULL OR h.until > statement_timestamp())
), deputised AS (
    SELECT d.delegate_id AS person_id, p.id AS position_id, p.office_id, p.is_head, o.organisation_id
    FROM core_delegation d
    JOIN core_position p ON p.id = d.position_id
    JOIN core_office o ON o.id = p.office_id
    WHERE d.delegate_id = ANY($1) AND d.delegate_id IN (SELECT id FROM me)
      AND d.since <= statement_timestamp() AND d.until > statement_timestamp()
      AND (d.delegate_id, o.organisation_id) IN (SELECT person_id, organisation_id FROM held)
      AND EXISTS (
        SELECT 1 FROM core_holding h
        WHERE h.position_id = d.position_id AND h.person_id = d.delegator_id
          AND h.since <= statement_timestamp() AND (h.until IS NULL OR h.until > statement_timestamp()))
), acting AS (
    SELECT * FROM held UNION SELECT * FROM deputised
), owned(person_id, office_id, is_head, organisation_id) AS (
    SELECT person_id, office_id, is_head, organisation_id FROM acting
    UNION
    SELECT owned.person_id, o.id, owned.is_head, owned.organisation_id
    FROM owned
    JOIN core_office o ON o.organisation_id = owned.organisation_id
     AND ((o.parent_id = owned.office_id AND owned.is_head)
       OR (o.successor_id = owned.office_id AND
            o.closed_on <= (statement_timestamp() AT TIME ZONE $2)::date))
)
SELECT id, 'person' AS what, component AS value, clearance AS more FROM me
UNION ALL SELECT person_id, 'held', position_id, office_id FROM held
UNION ALL SELECT person_id, 'acting', position_id, office_id FROM acting
UNION ALL SELECT DISTINCT person_id, 'owned', office_id, NULL::integer FROM owned
UNION ALL SELECT DISTINCT person_id, 'organisation', organisation_id, NULL::integer FROM held
UNION ALL SELECT m.person_id, 'author', m.id, NULL::integer FROM core_membership m
    WHERE m.person_id = ANY($1)
      AND (m.person_id, m.organisation_id) IN (SELECT person_id, organisation_id FROM held)
"""

_GRANTS = """
UNION ALL SELECT {holder}, 'grant', g.id, NULL::integer FROM {table} g {members}
    WHERE g.expires_at > statement_timestamp() AND {holder} = ANY($1)
"""
_PERSON_NAMED = {"holder": "g.user_id", "members": ""}
_GROUP_NAMED = {
    "holder": "member.person_id",
    "members": "JOIN core_person_groups member ON member.group_id = g.group_id",
}


@cache
def _statement(posts: str, grants: str) -> Prepared:
    from cimic_portal.core.sharing.grants import GroupGrant, PersonGrant

    parts = [posts]
    for model in apps.get_models():
        if issubclass(model, PersonGrant):
            parts.append(grants.format(table=model._meta.db_table, **_PERSON_NAMED))
        elif issubclass(model, GroupGrant):
            parts.append(grants.format(table=model._meta.db_table, **_GROUP_NAMED))
    sql = "".join(parts)
    return Prepared(f"access_{crc32(sql.encode()):08x}", ("bigint[]", "text"), sql)


@dataclass
class _Rows:
    component: int = 0
    clearance: int = 0
    found: bool = False
    sets: dict[str, set[int]] = field(default_factory=dict)

    def take(self, what: str, value: int, more: int | None) -> None:
        if what == "person":
            self.found, self.component, self.clearance = True, value, more or 0
            return
        self.sets.setdefault(what, set()).add(value)
        if what == "acting" and more is not None:
            self.sets.setdefault("offices", set()).add(more)

    def of(self, what: str) -> frozenset[int]:
        return frozenset(self.sets.get(what, ()))


def gather_access(person_id: int) -> Access:
    """Read what the person holds now. One query; an inactive or postless person gets no key."""
    return gather_accesses([person_id])[person_id]


def gather_accesses(people: Iterable[int]) -> dict[int, Access]:
    """The same for several people (ids) at once, in one query."""
    found: dict[int, _Rows] = {person: _Rows() for person in people}
    rows = _statement(_POSTS, _GRANTS).rows(list(found), settings.TIME_ZONE)
    for person, what, value, more in rows:
        found[person].take(what, value, more)
    return {person: _access(person, rows) for person, rows in found.items()}


def _access(person_id: int, rows: _Rows) -> Access:
    if not rows.found or not rows.of("held"):
        return Access(person_id=person_id, component=rows.component, clearance=rows.clearance)
    keys = {key(KeyKind.COMPONENT, rows.component), key(KeyKind.PERSON, person_id)}
    for what, kind in (
        ("acting", KeyKind.POSITION),
        ("offices", KeyKind.OFFICE),
        ("owned", KeyKind.OWNER),
        ("organisation", KeyKind.ORGANISATION),
        ("author", KeyKind.AUTHOR),
        ("grant", KeyKind.GRANT),
    ):
        keys |= {key(kind, value) for value in rows.of(what)}
    return Access(
        person_id=person_id,
        component=rows.component,
        clearance=rows.clearance,
        keys=frozenset(keys),
        held=rows.of("held"),
        positions=rows.of("acting"),
        offices=rows.of("offices"),
        owned=rows.of("owned"),
        organisations=rows.of("organisation"),
    )
