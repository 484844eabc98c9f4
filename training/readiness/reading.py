"""Who stands how: people × what is asked of them, for one reader on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from cimic_portal.core.makers import highest
from training.models import Course, Requirement, Whom
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

# By position, what it asks.
Carried = Mapping[int, tuple[Rule, ...]]
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
    """The rows of one reader, by name; the courses that any of them needs, by code.

    left_out: how many others serve there; closed: in which offices.
    """

    day: date
    rows: list[Row]
    courses: list[Course]
    left_out: int = 0
    closed: frozenset[int] = frozenset()
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

    def by_position(self, people: Iterable[Who]) -> Carried:
        """The rules of each position; positions of the same rules share one tuple of them."""
        common: dict[tuple[object, ...], tuple[Rule, ...]] = {}
        own: dict[int | None, list[Rule]] = defaultdict(list)
        others: list[Rule] = []
        for rule in self.rules:
            (own[rule.target] if rule.whom == Whom.POSITION else others).append(rule)
        found: dict[int, tuple[Rule, ...]] = {}
        for position, post in positions_of(people).items():
            place = (post.offices, post.component, post.of_mission)
            if place not in common:
                common[place] = tuple(rule for rule in others if applies(rule, post))
            found[position] = (*common[place], *own[position]) if position in own else common[place]
        return found


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
    # Many were given on the same day.
    known: dict[tuple[date, date | None], Held] = {}
    wanted = rows.counting().filter(record__in=[who.record.pk for who in people], course__in=courses)
    for record, course, issued, expires in wanted.order_by().values_list(
        "record_id", "course_id", "issued_on", "expires_on"
    ):
        found[record, course].append(known.get((issued, expires)) or _keep(known, Held(issued, expires)))
    return found


def _keep(known: dict[tuple[date, date | None], Held], held: Held) -> Held:
    known[held.issued_on, held.expires_on] = held
    return held


def readiness_of(rows: QualificationQuerySet, people: People, asked: Asked, day: date) -> Readiness:
    """People × what their posts ask, by the qualifications among these rows."""
    carried = asked.by_position(people.shown)
    # Whoever came on the same day to a post of the same rules needs the same.
    known: dict[object, dict[int, Need]] = {}
    needs = {who.pk: needs_on(who, carried, day, known) for who in people.shown}
    needed = {need.course for wanted in needs.values() for need in wanted.values()}
    held = held_by(rows, people.shown, needed)
    found = [row_of(who, needs[who.pk], held, day) for who in people.shown]
    return Readiness(day, found, courses_named(needed), people.left_out, people.closed, asked.requirements)


def needs_on(
    who: Who, carried: Carried, day: date, known: dict[object, dict[int, Need]] | None = None
) -> dict[int, Need]:
    """What is asked of the person by the posts held on the day; nothing of whoever holds none then.

    `known`: what was found for others before, by the same `carried`; people of the same days and rules
    then share one answer, which nobody may change.
    """
    arrived = who.arrived(day)
    if arrived is None:
        return {}
    if known is None:
        return needs_of(who.posts, arrived, carried, day)
    key = (arrived, *((id(carried[post.position]), post.since) for post in who.serving(day)))
    if key not in known:
        known[key] = needs_of(who.posts, arrived, carried, day)
    return known[key]


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
