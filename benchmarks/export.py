"""The whole list of engagements as CSV under the rule, beside COPY of the same columns.

Run as `python benchmarks/export.py`, in a process of its own: its memory is what is measured. Target: 0.2 of
the rate of COPY, at most 150 MB more than before it began.
"""

from __future__ import annotations

import resource
import tempfile
import time
from typing import Any

from benchmarks.harness import grown_mission, line

COLUMNS = """
    SELECT e.purpose, e.starts_at, coalesce(p.name, nullif(e.location, ''), a.name),
        (SELECT string_agg(concat_ws(', ', c.name, coalesce(b.name, cb.name)), '; ' ORDER BY t.id)
         FROM liaison_attendance t LEFT JOIN liaison_contact c ON c.id = t.contact_id
         LEFT JOIN core_organisation b ON b.id = t.organisation_id
         LEFT JOIN core_organisation cb ON cb.id = c.organisation_id
         WHERE t.engagement_id = e.id AND t.person_id IS NULL
           AND (c.id IS NULL OR c.classification <= %(clearance)s AND c.reader_keys && %(keys)s::int[])),
        o.name, k.name, e.ends_at, a.pcode, e.latitude, e.longitude, e.atmosphere, e.key_points,
        concat_ws(' ', h.given_name, h.family_name), e.classification, e.state, e.reference
    FROM liaison_engagement e JOIN liaison_engagementkind k ON k.id = e.kind_id
    LEFT JOIN core_place p ON p.id = e.place_id LEFT JOIN core_area a ON a.id = e.area_id
    JOIN core_office o ON o.id = e.owner_office_id JOIN core_person h ON h.id = e.author_id
    WHERE e.classification <= %(clearance)s AND e.reader_keys && %(keys)s::int[]
    ORDER BY e.starts_at DESC, e.id DESC
"""


def memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def exported(person: Any) -> tuple[int, float, float]:
    """(rows, seconds, MB more than before)."""
    from django.test import Client
    from django.urls import reverse

    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="cimic_portal.core.backends.PortalBackend")
    client.get(reverse("engagements"))
    before, begun = memory(), time.perf_counter()
    answer = client.get(reverse("engagements_csv"))
    assert answer.status_code == 200, answer.status_code
    rows = -1
    for piece in answer.streaming_content:  # type: ignore[attr-defined]
        rows += piece.count(b"\r\n")
    return rows, time.perf_counter() - begun, memory() - before


def copied(person: Any) -> float:
    from django.db import connection

    access = person.access
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as target, connection.cursor() as cursor:
        facts = {"clearance": access.clearance, "keys": sorted(access.keys)}
        query = cursor.mogrify(COLUMNS, facts).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH CSV", target)
    return time.perf_counter() - begun


def main() -> None:
    with grown_mission() as readers:
        person = readers["commander"]
        rows, mine, grown = exported(person)
        theirs = copied(person)
        line("CSV of a whole list under the rule", "rows/s", "COPY rows/s", "rate", "target")
        ratio = f"{theirs / mine:6.2f}×"
        line(
            f"{rows:,} lines of the commander's",
            f"{rows / mine:,.0f}",
            f"{rows / theirs:,.0f}",
            ratio,
            "≥ 0.2×",
        )
        line("memory that it took", f"{grown:.0f} MB", "", "", "≤ 150 MB")


if __name__ == "__main__":
    main()
