"""What the rule and the paging of lists cost at a million rows, beside hand-written SQL for the same rows.

Run as `python benchmarks/list_page.py`. Time is that in the database; queries are counted over all. Targets:
docs/decisions/0011-paging-and-counts.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.harness import duel, grown_mission, in_database, line, on_the_clock, queries

RULE = "e.classification <= %(clearance)s AND e.reader_keys && %(keys)s::int[]"
JOINS = """e.classification <= %(clearance)s AND (
    e.owner_office_id = ANY(%(owned)s)
    OR (e.author_id = %(person)s AND EXISTS (
        SELECT 1 FROM core_office o
        WHERE o.id = e.owner_office_id AND o.organisation_id = ANY(%(organisations)s)))
    OR e.approver_id = ANY(%(positions)s)
    OR (e.published_at IS NOT NULL AND (
        %(component)s = ANY(e.audience_components) OR e.audience_organisations && %(organisations)s::int[]
        OR EXISTS (SELECT 1 FROM liaison_attendance a
                   WHERE a.engagement_id = e.id AND a.person_id = %(person)s)))
    OR EXISTS (SELECT 1 FROM liaison_engagementpersongrant g
               WHERE g.content_object_id = e.id AND g.user_id = %(person)s AND g.expires_at > now())
    OR EXISTS (SELECT 1 FROM liaison_engagementgroupgrant g JOIN core_person_groups m USING (group_id)
               WHERE g.content_object_id = e.id AND m.person_id = %(person)s AND g.expires_at > now()))"""
PAGE = f"""SELECT e.*, k.*, p.*, a.*, o.*, h.* FROM liaison_engagement e
    JOIN liaison_engagementkind k ON k.id = e.kind_id LEFT JOIN core_place p ON p.id = e.place_id
    LEFT JOIN core_area a ON a.id = e.area_id JOIN core_office o ON o.id = e.owner_office_id
    JOIN core_person h ON h.id = e.author_id WHERE {RULE} """
NEWEST = "ORDER BY e.starts_at DESC, e.id DESC LIMIT 51"
# The better of the two for each reader is the rival: a person who writes SQL would know which.
GATHERED = f"""SELECT e.*, k.*, p.*, a.*, o.*, h.* FROM (
        SELECT * FROM liaison_engagement e WHERE {RULE} OFFSET 0) e
    JOIN liaison_engagementkind k ON k.id = e.kind_id LEFT JOIN core_place p ON p.id = e.place_id
    LEFT JOIN core_area a ON a.id = e.area_id JOIN core_office o ON o.id = e.owner_office_id
    JOIN core_person h ON h.id = e.author_id {NEWEST}"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM liaison_engagement e WHERE {} LIMIT 10001) s"


def facts_of(person: Any) -> dict[str, Any]:
    from cimic_portal.core.sharing.levels import KeyKind

    access = person.access
    return {
        "keys": sorted(access.keys),
        "clearance": access.clearance,
        "component": access.component,
        "person": person.pk,
        "owned": [key // 8 for key in access.keys if key % 8 == KeyKind.OWNER],
        "positions": list(access.positions),
        "organisations": list(access.organisations),
    }


def by_hand(sql: str, facts: dict[str, Any]) -> Callable[[], object]:
    from django.db import connection

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, facts)
            return cursor.fetchall()

    return run


def compare(name: str, person: Any) -> None:
    """Page, count and deep page of one reader."""
    from cimic_portal.core.counting import capped_count
    from cimic_portal.core.listing import Selection
    from liaison.listings.engagement import engagement_list

    facts = facts_of(person)
    chosen = Selection(engagement_list, person, {})
    rows, keyset = chosen.rows, chosen.keyset
    prepare = keyset.prepare
    # Who was met takes one statement more, by hand as well.
    keyset.prepare = lambda found: prepare(found).prefetch_related(None)
    count = capped_count(rows)
    few = not count.capped
    print(f"\n{name}: {rows.count():,} engagements, {len(facts['keys'])} keys")
    ways = (by_hand(PAGE + NEWEST, facts), by_hand(GATHERED, facts))
    best = min(ways, key=lambda run: min(in_database(run) for _ in range(3)))

    def first() -> object:
        return keyset.page(None, few=few)

    duel("  newest page | the same rows by hand-written SQL", first, best, "≤ 3×")
    joined = by_hand(COUNT.format(JOINS), facts)
    duel(
        "  count | the rule as joins and EXISTS",
        lambda: capped_count(rows),
        joined,
        "rare ≤ 0.125×, else ≤ 1.5×",
    )
    deep = _far_into(keyset)
    duel("  nine tenths into the list | its first page", lambda: keyset.page(deep, few=few), first, "≤ 1.5×")
    whole = page_of(person)
    asked = queries(whole, plans=f"engagements-{name.replace(', ', '-').replace(' ', '-')}")
    line(
        "  the whole page, menus and counts and all",
        f"{on_the_clock(whole) * 1000:9.2f} ms",
        "",
        "",
        f"{asked} queries",
    )


def page_of(person: Any) -> Callable[[], object]:
    """The list as the portal answers a browser; the second visit, when nothing is made for the first time."""
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="cimic_portal.core.backends.PortalBackend")
    address = reverse("engagements")
    client.get(address)

    def run() -> object:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        return answer

    return run


def _far_into(keyset: Any) -> Any:
    """The position nine tenths into what the reader may see."""
    values = keyset.ordered().values_list("starts_at", "pk")
    total = keyset.rows.count()
    from cimic_portal.core.paging import Position

    return Position(tuple(values[total * 9 // 10]), back=False, number=total * 9 // 10)


def main() -> None:
    with grown_mission() as readers:
        line("Lists of engagements", "ours", "beside", "ratio", "target")
        for name, reader in readers.items():
            compare(name, reader)


if __name__ == "__main__":
    main()
