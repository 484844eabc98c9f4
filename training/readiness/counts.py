"""Sums of rows that the reader may open: by office with everything below, by course, by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.readiness.reckon import EXPIRING, LATE, VALID, Standing

if TYPE_CHECKING:
    from cimic_portal.core.models import Office
    from training.models import Course
    from training.readiness.people import Tree
    from training.readiness.reading import Readiness, Row


@dataclass
class Counts:
    """People of whom anything is asked, each once: ready, something to be taken in time, or something late.

    The last three count people for whom something runs out within 30, in 31–60, in 61–90 days.
    """

    people: int = 0
    ready: int = 0
    due: int = 0
    late: int = 0
    expires_30: int = 0
    expires_60: int = 0
    expires_90: int = 0

    def add(self, row: Row) -> None:
        if not row.cells:
            return
        self.people += 1
        standing = row.standing
        self.ready += standing in VALID
        self.due += standing == Standing.DUE
        self.late += standing in LATE
        bands = {cell.standing for cell in row.cells.values()}
        for band in EXPIRING:
            if band in bands:
                setattr(self, band.value, getattr(self, band.value) + 1)

    @property
    def percent(self) -> int | None:
        """The share that is ready, rounded down: 100 means all."""
        return 100 * self.ready // self.people if self.people else None


@dataclass(frozen=True)
class OfficeLine:
    office: Office
    depth: int
    counts: Counts


@dataclass
class CourseLine:
    """One course: how many people need it, and how it stands for them."""

    course: Course
    needed: int = 0
    valid: int = 0
    due: int = 0
    late: int = 0
    expiring: int = 0

    @property
    def missing(self) -> int:
        return self.due + self.late


def summed(rows: Iterable[Row]) -> Counts:
    counts = Counts()
    for row in rows:
        counts.add(row)
    return counts


def by_office(readiness: Readiness, tree: Tree) -> list[OfficeLine]:
    """Each office in which, or below which, anything is asked of somebody; everybody once in each."""
    found: dict[int, Counts] = defaultdict(Counts)
    for row in filter(lambda row: row.cells, readiness.rows):
        posts = row.who.serving(readiness.day)
        for office in {office for post in posts for office in post.offices}:
            found[office].add(row)
    return [
        OfficeLine(tree.offices[office], depth, found[office])
        for office, depth in tree.walk()
        if office in found
    ]


def by_course(readiness: Readiness) -> list[CourseLine]:
    """Every course that anybody needs, the one that most people lack first."""
    lines = {course.pk: CourseLine(course) for course in readiness.courses}
    for row in readiness.rows:
        for course, cell in row.cells.items():
            line = lines[course]
            line.needed += 1
            line.valid += cell.is_valid
            line.due += cell.standing == Standing.DUE
            line.late += cell.is_late
            line.expiring += cell.standing in EXPIRING
    return sorted(lines.values(), key=lambda line: (-line.late, -line.due, line.course.code))
