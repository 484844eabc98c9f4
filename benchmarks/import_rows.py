"""A table of 100,000 areas, checked and taken in, beside COPY of its rows into the same triggered table.

Run as `python benchmarks/import_rows.py [rows]`, in a process of its own: its memory is what is measured.
Target: 0.2 of the rate of COPY, at most 200 MB more than before it began.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.export import memory
from benchmarks.harness import line, portal

BELOW = 100


def table(rows: int) -> bytes:
    """A country, its districts by the hundred, and what lies in them: as published P-code tables have it."""
    text = io.StringIO()
    write = csv.writer(text)
    write.writerow(["pcode", "name", "level", "parent"])
    write.writerow(["#adm+code", "#adm+name", "#geo+admin_level", "#adm+code+parent"])
    write.writerow(["CF", "Central African Republic", 0, ""])
    districts = (rows + BELOW) // (BELOW + 1)
    for number in range(districts):
        write.writerow([f"CF{number:04}", f"District {number}", 1, "CF"])
    for number in range(rows - districts - 1):
        above = f"CF{number // BELOW:04}"
        write.writerow([f"{above}{number % BELOW:03}", f"Commune {number}", 2, above])
    return text.getvalue().encode()


def imported(data: bytes, folder: Path) -> tuple[int, float, float]:
    """(rows, seconds, MB more than before)."""
    from cimic_portal.core.services.area import import_areas

    file = folder / "areas.csv"
    file.write_bytes(data)
    before, begun = memory(), time.perf_counter()
    result = import_areas(file, source="Benchmark")
    return result.created, time.perf_counter() - begun, memory() - before


def copied(folder: Path) -> float:
    """The same rows once more, as ready rows under other codes."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'X' || pcode, name, level, parent_id, country, valid_from, source, updated_at"
            " FROM core_area WHERE level > 0 ORDER BY id"
        )
        found = cursor.fetchall()
        ready = io.StringIO()
        csv.writer(ready).writerows(found)
        ready.seek(0)
        begun = time.perf_counter()
        with transaction.atomic():
            cursor.copy_expert(
                "COPY core_area (pcode, name, level, parent_id, country, valid_from, source, updated_at)"
                " FROM STDIN WITH CSV",
                ready,
            )
        return time.perf_counter() - begun


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as made:
        folder = Path(made)
        with portal(folder / "data"):
            count, mine, grown = imported(table(rows), folder)
            theirs = copied(folder)
            line("Import of a table, checked row by row", "rows/s", "COPY rows/s", "rate", "target")
            ratio = f"{theirs / mine:6.2f}×"
            line(f"{count:,} areas", f"{count / mine:,.0f}", f"{count / theirs:,.0f}", ratio, "≥ 0.2×")
            line("memory that it took", f"{grown:.0f} MB", "", "", "≤ 200 MB")


if __name__ == "__main__":
    main()
