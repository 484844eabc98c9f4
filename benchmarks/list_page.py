"""What the rule and the paging of lists cost, beside hand-written SQL for the same rows.

Run as `python benchmarks/list_page.py [rows]` (default 1,000,000 engagements; the database is made
anew in a temporary folder, which takes a few minutes). Each line is measured in this run, in turns,
and shows the median of its rounds; people judge. Targets: docs/decisions/0011-paging-and-counts.md.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from cimic_portal.embedded.services import Services

ROUNDS = 15
PARTNERS = 8


ENGAGEMENTS = """
    INSERT INTO liaison_engagement (reference, owner_office_id, author_id, classification,
        audience_components, audience_organisations, published_at, version, created_at, updated_at,
        reader_keys, purpose, kind_id, starts_at, location, key_points, atmosphere, atmosphere_why,
        local_context, next_steps, visibility, do_no_harm, state, returned_reason, not_held_reason)
    SELECT lpad(g::text, 10, 'Z'), %(office)s + g %% 24, %(author)s + g %% 24,
        CASE WHEN g %% 10 < 7 THEN 1 WHEN g %% 10 < 9 THEN 2 ELSE 3 END,
        CASE g %% 4 WHEN 0 THEN '{1}'::int[] WHEN 1 THEN '{1,3}' WHEN 2 THEN '{1,2,3}' ELSE '{2}' END,
        CASE WHEN g %% 408 = 0 THEN ARRAY[%(rare)s]
             WHEN g > %(rows)s - 2400 THEN ARRAY[%(old)s] ELSE '{}' END,
        CASE WHEN g %% 5 > 0 THEN now() END, 1, now(), now(), '{}',
        'Water committee, visit ' || g, %(kind)s, now() - (g || ' minutes')::interval,
        'Lorani', 'What was said, in two or three sentences of usual length. ', '', '', '', '', 'open',
        '', CASE WHEN g %% 5 > 0 THEN 'released' ELSE 'draft' END, '', ''
    FROM generate_series(1, %(rows)s) g
"""


def post(office: Any, clearance: int, *, head: bool = False) -> Any:
    """Somebody who holds a post of their own there, since long ago."""
    from django.utils import timezone

    from cimic_portal.core.models import Holding, Person, Position

    number = Person.objects.count()
    person = Person.objects.create(
        email=f"p{number}@example.org",
        given_name="Given",
        family_name=f"Family {number}",
        component=office.component,
        clearance=clearance,
    )
    position = Position.objects.create(office=office, title=f"Post {number}", is_head=head)
    since = timezone.now() - timezone.timedelta(days=900)
    Holding.objects.create(person=person, position=position, since=since)
    return person


def fill(rows: int) -> dict[str, Any]:
    """A mission of 25 offices and 8 partners, and engagements of every kind of audience."""
    from django.core.management import call_command
    from django.db import connection

    from cimic_portal.core.models import Office, Organisation
    from liaison.models import EngagementKind

    call_command("migrate", verbosity=0)
    mission = Organisation.objects.create(name="Mission", is_mission=True)
    hq = Office.objects.create(organisation=mission, name="Headquarters", component=1)
    offices = [
        Office.objects.create(organisation=mission, name=f"Office {n}", component=1 + n % 3, parent=hq)
        for n in range(24)
    ]
    partners = [Organisation.objects.create(name=f"Partner {n}", component=4) for n in range(PARTNERS)]
    country = [
        Office.objects.create(organisation=one, name="Country office", component=4) for one in partners
    ]
    authors = [post(office, 3) for office in offices]
    readers = {
        "liaison officer": post(offices[0], 2),
        "head of headquarters": post(hq, 3, head=True),
        "police officer": post(offices[1], 1),
        "partner, rare": post(country[0], 1),
        "partner, all old": post(country[1], 1),
    }
    kind, _made = EngagementKind.objects.get_or_create(name="Meeting")
    with connection.cursor() as cursor:
        values = {
            "office": offices[0].pk,
            "author": authors[0].pk,
            "rare": partners[0].pk,
            "old": partners[1].pk,
            "kind": kind.pk,
            "rows": rows,
        }
        cursor.execute(ENGAGEMENTS, values)
        cursor.execute("VACUUM ANALYZE")
    return readers


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


def seconds(run: Callable[[], object]) -> float:
    """Time in the database alone, as the driver sees it."""
    from django.db import connection

    spent = 0.0

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent += time.perf_counter() - start

    with connection.execute_wrapper(watch):
        run()
    return spent


def duel(name: str, ours: Callable[[], object], beside: Callable[[], object], target: str) -> float:
    """One line: both medians, in turns, and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        times[0].append(seconds(ours))
        times[1].append(seconds(beside))
    mine, theirs = (statistics.median(column) * 1000 for column in times)
    print(f"{name:<58} {mine:9.2f} ms {theirs:9.2f} ms {mine / theirs:7.2f}×   {target}")
    return theirs


def lists(readers: dict[str, Any]) -> None:
    from cimic_portal.core.models import Person

    for name, reader in readers.items():
        compare(name, Person.objects.get(pk=reader.pk))


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
    best = min(ways, key=lambda run: min(seconds(run) for _ in range(3)))

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


def _far_into(keyset: Any) -> Any:
    """The position nine tenths into what the reader may see."""
    values = keyset.ordered().values_list("starts_at", "pk")
    total = keyset.rows.count()
    from cimic_portal.core.paging import Position

    return Position(tuple(values[total * 9 // 10]), back=False, number=total * 9 // 10)


def export(reader: Any, folder: Path) -> None:
    """The largest list as CSV beside COPY of the same columns."""
    from django.db import connection, transaction

    from cimic_portal.core.listing import Selection
    from cimic_portal.core.models import Person
    from cimic_portal.core.views.export import _csv_of, _Rows
    from liaison.listings.engagement import engagement_list

    person = Person.objects.get(pk=reader.pk)
    tracemalloc.start()
    start = time.perf_counter()
    with transaction.atomic():
        _csv_of(_Rows(Selection(engagement_list, person, {"since": "2026-10-01"}), "benchmark")).close()
    traced = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    start = time.perf_counter()
    with transaction.atomic():
        _csv_of(_Rows(Selection(engagement_list, person, {}), "benchmark")).close()
    mine = time.perf_counter() - start
    rows = Selection(engagement_list, person, {}).rows.count()
    start = time.perf_counter()
    with (folder / "copy.csv").open("wb") as target, connection.cursor() as cursor:
        statement = cursor.mogrify(
            "COPY (SELECT purpose, starts_at, location, key_points, reference, state"
            f" FROM liaison_engagement e WHERE {RULE} ORDER BY starts_at DESC, id DESC) TO STDOUT WITH CSV",
            facts_of(person),
        )
        cursor.copy_expert(statement, target)
    beside = time.perf_counter() - start
    print(f"\nCSV of {rows:,} rows: {mine:.1f} s ({rows / mine:,.0f} rows/s), COPY TO {beside:.1f} s", end="")
    print(
        f", rate {beside / mine:.2f}× (≥ 0.2×); peak of Python memory {peak:.0f} MB ({traced:.0f} s traced)"
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        services = Services(Path(folder) / "data", durable=False)
        os.environ.update(services.environment())
        os.environ.update(PORTAL_ROLE="owner", DJANGO_SETTINGS_MODULE="cimic_portal.settings.test")
        services.start()
        try:
            django.setup()
            start = time.perf_counter()
            readers = fill(rows)
            print(
                f"{rows:,} engagements in {time.perf_counter() - start:.0f} s. Ours | beside | ratio | target"
            )
            lists(readers)
            export(readers["head of headquarters"], Path(folder))
        finally:
            services.stop()


if __name__ == "__main__":
    main()
