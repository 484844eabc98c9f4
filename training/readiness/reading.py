"""Who stands how: people × what is asked of them, for one reader on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from cimic_portal.core.makers import highest
from training.models import Course, Requirement
from training.readiness.people import People, Who, positions_of, records_of
from training.readiness.reckon import (
    URGENCY,
    Cell,
    Held,
    Need,
    Rule,
    Standing,
    applies,
    needs_of,
    stand,
    worst,
)

if TYPE_CHECKING:
    from training.models import TrainingRecord
    from training.querysets.record import QualificationQuerySet

# Of one training record (id) and one course (id), what was given when.
Holdings = Mapping[tuple[int, int], Sequence[Held]]


@dataclass(frozen=True)
class Row:
    """One person, and how each course that they need stands, by the course's id."""

    who: Who
    cells: dict[int, Cell]

    @property
    def standing(self) -> Standing:
        return worst(self.cells.values())

    @property
    def urgent(self) -> list[Cell]:
        """What there is to do, the most urgent first."""
        open_ones = [cell for cell in self.cells.values() if cell.standing != Standing.READY]
        return sorted(open_ones, key=lambda cell: (-URGENCY[cell.standing], cell.on or date.max))

    @property
    def valid(self) -> int:
        return sum(cell.is_valid for cell in self.cells.values())


@dataclass(frozen=True)
class Readiness:
    """The rows of one reader, by name; the courses that any of them needs, by code."""

    day: date
    rows: list[Row]
    courses: list[Course]
    left_out: int = 0
    rules: Mapping[int, Requirement] = field(default_factory=dict)

    @property
    def level(self) -> int:
        return highest(self.records)

    @property
    def records(self) -> list[TrainingRecord]:
        return records_of(row.who for row in self.rows)


def narrowed(readiness: Readiness, course: int | None) -> Readiness:
    """Of one course those who need it, with its cell alone; without one everybody."""
    if course is None:
        return readiness
    rows = [Row(row.who, {course: row.cells[course]}) for row in readiness.rows if course in row.cells]
    return replace(readiness, rows=rows, courses=[one for one in readiness.courses if one.pk == course])


class Asked:
    """What is asked of posts: the requirements in force, and which of them each position carries."""

    def __init__(self, course: int | None = None) -> None:
        rows = Requirement.objects.of_posts().named()
        if course is not None:
            rows = rows.filter(course=course)
        self.requirements: dict[int, Requirement] = {row.pk: row for row in rows}
        self.rules = [rule_of(row) for row in self.requirements.values()]

    def by_position(self, people: Iterable[Who]) -> dict[int, list[Rule]]:
        return {
            position: [rule for rule in self.rules if applies(rule, post)]
            for position, post in positions_of(people).items()
        }


def rule_of(row: Requirement) -> Rule:
    return Rule(
        pk=row.pk,
        course=row.course_id,
        whom=row.whom,
        target=row.component or row.office_id or row.position_id or row.kind_id,
        days=row.days,
        from_post=row.counted_from == "post",
        always=row.always,
    )


def held_by(rows: QualificationQuerySet, people: Collection[Who], courses: Collection[int]) -> Holdings:
    """What counts of these people in these courses, out of rows that somebody may see. One query."""
    found: dict[tuple[int, int], list[Held]] = defaultdict(list)
    wanted = rows.counting().filter(record__in=[who.record.pk for who in people], course__in=courses)
    for record, course, issued, expires in wanted.order_by().values_list(
        "record_id", "course_id", "issued_on", "expires_on"
    ):
        found[record, course].append(Held(issued, expires))
    return found


def readiness_of(rows: QualificationQuerySet, people: People, asked: Asked, day: date) -> Readiness:
    """People × what their posts ask, by the qualifications among these rows."""
    carried = asked.by_position(people.shown)
    needs = {who.pk: needs_on(who, carried, day) for who in people.shown}
    needed = {need.course for wanted in needs.values() for need in wanted.values()}
    held = held_by(rows, people.shown, needed)
    found = [row_of(who, needs[who.pk], held, day) for who in people.shown]
    return Readiness(day, found, courses_named(needed), people.left_out, asked.requirements)


def needs_on(who: Who, carried: Mapping[int, Sequence[Rule]], day: date) -> dict[int, Need]:
    """What is asked of the person by the posts held on the day; nothing of whoever holds none then."""
    arrived = who.arrived(day)
    return needs_of(who.posts, arrived, carried, day) if arrived is not None else {}


def row_of(
    who: Who, needs: Mapping[int, Need], held: Holdings, day: date, through: date | None = None
) -> Row:
    cells = {
        course: stand(need, held.get((who.record.pk, course), ()), day, through)
        for course, need in needs.items()
    }
    return Row(who, cells)


def courses_named(needed: Collection[int]) -> list[Course]:
    return list(Course.objects.filter(pk__in=needed).order_by("code"))
