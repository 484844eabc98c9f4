"""The readiness of a thousand people × forty courses, beside hand-written SQL for the same cells.

Run as `python benchmarks/readiness.py [people]` (default 1,000; the database is made anew in a temporary
folder). Both ways answer the same question, under the rule: for each person and each course that is asked,
whether it is valid, to be taken or late today. Each line shows the median of its rounds, in turns; people
judge.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.harness import duel, line, on_the_clock, portal, queries

ROUNDS = 9
COURSES = 40
# The same cells by one statement: who is under the office, which rules apply, what is held.
BY_HAND = """
WITH RECURSIVE below AS (
    SELECT id FROM core_office WHERE id = %(office)s
    UNION ALL SELECT o.id FROM core_office o JOIN below ON o.parent_id = below.id
), above(office, up) AS (
    SELECT id, id FROM core_office
    UNION ALL SELECT above.office, o.parent_id FROM above JOIN core_office o ON o.id = above.up
    WHERE o.parent_id IS NOT NULL
), seen AS (
    SELECT r.id AS record, r.person_id FROM training_trainingrecord r
    WHERE r.classification <= %(clearance)s AND r.reader_keys && %(keys)s::int[]
), serving AS (
    SELECT seen.record, h.person_id, p.id AS position, p.office_id, o.component, g.is_mission,
        min(h.since::date) OVER (PARTITION BY h.person_id) AS arrived, h.since::date AS since
    FROM core_holding h JOIN seen ON seen.person_id = h.person_id
    JOIN core_position p ON p.id = h.position_id JOIN core_office o ON o.id = p.office_id
    JOIN core_organisation g ON g.id = o.organisation_id
    WHERE h.since <= now() AND (h.until IS NULL OR h.until > now()) AND p.office_id IN (SELECT id FROM below)
), needed AS (
    SELECT s.record, q.course_id, bool_or(q.always) AS always,
        min(CASE q.counted_from WHEN 'post' THEN s.since ELSE s.arrived END + q.days::int) AS due_on
    FROM serving s JOIN training_requirement q ON NOT q.is_archived AND (
        q.whom = 'everybody' AND s.is_mission
        OR q.whom = 'component' AND s.is_mission AND q.component = s.component
        OR q.whom = 'office' AND EXISTS (
            SELECT 1 FROM above WHERE above.office = s.office_id AND above.up = q.office_id)
        OR q.whom = 'position' AND q.position_id = s.position)
    GROUP BY 1, 2
)
SELECT n.record, n.course_id,
    CASE WHEN h.known AND (NOT n.always OR h.last >= current_date) THEN 'valid'
         WHEN n.due_on >= current_date THEN 'due' ELSE 'late' END
FROM needed n LEFT JOIN LATERAL (
    SELECT true AS known, max(coalesce(x.expires_on, 'infinity'::date)) AS last
    FROM training_qualification x
    WHERE x.record_id = n.record AND x.course_id = n.course_id AND x.issued_on <= current_date
      AND x.confirmed_at IS NOT NULL AND x.revoked_at IS NULL
    HAVING count(*) > 0
) h ON true
"""


def _people(number: int) -> tuple[Any, Any]:
    """So many people, each with a post; their office, and its head."""
    from django.utils import timezone

    from cimic_portal.core.models import Holding, Office, Organisation, Person, Position

    long_ago = timezone.now() - timezone.timedelta(days=200)
    mission = Organisation.objects.create(name="Mission", is_mission=True)
    hq = Office.objects.create(organisation=mission, name="Headquarters", component=1)
    offices = [
        Office.objects.create(organisation=mission, name=f"Office {n}", component=1 + n % 3, parent=hq)
        for n in range(24)
    ]
    places = [hq, *(offices[n % len(offices)] for n in range(number - 1))]
    positions = Position.objects.bulk_create(
        Position(office=office, title=f"Post {n}", is_head=not n) for n, office in enumerate(places)
    )
    people = Person.objects.bulk_create(
        Person(
            email=f"p{n}@example.org",
            given_name="Given",
            family_name=f"Family {n:05}",
            component=office.component,
            clearance=3,
        )
        for n, office in enumerate(places)
    )
    Holding.objects.bulk_create(
        Holding(person=person, position=position, since=long_ago)
        for person, position in zip(people, positions, strict=True)
    )
    return hq, people[0]


def fill(number: int) -> tuple[Any, Any]:
    """One office of so many people under its head; forty courses, of which they hold most."""
    from django.db import connection

    from training.models import Course, Requirement
    from training.services.record import follow_posts

    hq, head = _people(number)
    follow_posts()
    courses = Course.objects.bulk_create(
        Course(code=f"C-{n:02}", title=f"Course {n}", authority="Centre", validity_months=12)
        for n in range(COURSES)
    )
    Requirement.objects.bulk_create(
        Requirement(course=course, whom="everybody", days=30 + 10 * n) for n, course in enumerate(courses)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO training_qualification (record_id, course_id, issued_on, expires_on, code, way,
                authority, entered_by_id, entered_at, confirmed_at, reason, version)
            SELECT r.id, c.id, current_date - 300, current_date + (r.id * c.id % 400)::int - 30,
                lpad((r.id * 1000 + c.id)::text, 16, 'Z'), 'session', 'Centre', r.person_id, now(), now(),
                '', 1
            FROM training_trainingrecord r CROSS JOIN training_course c WHERE (r.id + c.id) % 9 > 0"""
        )
        cursor.execute("VACUUM ANALYZE")
    return hq, head


def ours(reader: Any, office: Any) -> Callable[[], Counter[str]]:
    from django.utils import timezone

    from training.models import Qualification
    from training.readiness.people import Tree, read_people
    from training.readiness.reading import Asked, readiness_of

    def run() -> Counter[str]:
        tree = Tree()
        people = read_people(reader, tree, offices=tree.below(office.pk))
        rows = Qualification.objects.visible_to(reader)
        found = readiness_of(rows, people, Asked(), timezone.localdate())
        cells = (cell for row in found.rows for cell in row.cells.values())
        return Counter("valid" if cell.is_valid else "late" if cell.is_late else "due" for cell in cells)

    return run


def by_hand(reader: Any, office: Any) -> Callable[[], Counter[str]]:
    from django.db import connection

    access = reader.access
    given = {"office": office.pk, "clearance": access.clearance, "keys": sorted(access.keys)}

    def run() -> Counter[str]:
        with connection.cursor() as cursor:
            cursor.execute(BY_HAND, given)
            return Counter(standing for _record, _course, standing in cursor.fetchall())

    return run


def page(reader: Any, office: Any) -> None:
    """The page of the matrix as a reader gets it: time, queries, bytes."""
    import gzip

    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="cimic_portal.core.backends.PortalBackend")
    address = reverse("office_readiness", args=[office.pk])
    client.get(address)

    def run() -> Any:
        return client.get(address)

    spent, size = on_the_clock(run), len(gzip.compress(run().content))
    facts = f"{queries(run)} queries, {size:,} bytes compressed (≤ 15,000)"
    line("the page: fifty people, all sums", f"{spent * 1000:.2f} ms", "", "", facts)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, portal(Path(folder) / "data"):
        office, reader = fill(number)
        first, second = ours(reader, office), by_hand(reader, office)
        assert first() == second(), (first(), second())
        line(f"Readiness of {number:,} people × {COURSES} courses", "ours", "by hand", "ratio", "target")
        duel("every cell | one statement", first, second, "people judge", clock=on_the_clock, rounds=ROUNDS)
        page(reader, office)


if __name__ == "__main__":
    main()
