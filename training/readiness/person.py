"""How one person stands: what their posts and their operations ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from training.models import Qualification
from training.readiness.operation import AskedByOperations, operations_of
from training.readiness.people import Tree, read_people
from training.readiness.reading import Asked, Readiness, courses_named, held_by, needs_on, row_of
from training.readiness.reckon import URGENCY, Cell, Need, Standing, stricter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person
    from operations.models import Operation
    from training.models import Course, Requirement, Session
    from training.readiness.people import Who


@dataclass
class Line:
    """One course for one person: how it stands, and what asks it, in words."""

    course: Course
    cell: Cell
    why: list[str]
    operations: list[Operation]
    # The next session with a seat, and the one before it that is full.
    session: Session | None = None
    full: Session | None = None

    @property
    def is_too_late(self) -> bool:
        """Whether what expires, or is due, does so before the next session has ended."""
        if self.session is None or self.cell.on is None or self.cell.is_late:
            return False
        return timezone.localdate(self.session.ends_at) > self.cell.on

    @property
    def reasons(self) -> str:
        """What asks it, in one line."""
        return ", ".join([*self.why, *map(str, self.operations)])

    @property
    def words(self) -> StrOrPromise:
        return Standing(self.cell.standing).label


@dataclass(frozen=True)
class Own:
    """A person's readiness: the person with their record, and a line for each course, urgent first."""

    who: Who
    lines: list[Line]
    readiness: Readiness

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.cell.standing != Standing.READY]

    @property
    def arrived(self) -> date | None:
        return self.who.arrived(self.readiness.day)

    @property
    def valid(self) -> int:
        return sum(line.cell.is_valid for line in self.lines)

    @property
    def operations(self) -> list[Operation]:
        """Those that ask something, each once."""
        found = {operation.pk: operation for line in self.lines for operation in line.operations}
        return list(found.values())


def person_readiness(reader: Person, person: Person, day: date | None = None) -> Own | None:
    """How the person stands; None where they hold no post, or the reader may not see their record.

    What an operation asks is told with the operation, and only to those who may see it.
    """
    day = day or timezone.localdate()
    tree = Tree()
    people = read_people(reader, tree, person=person.pk)
    if not people.shown:
        return None
    who = people.shown[0]
    asked = Asked()
    operations = operations_of(reader, who, day)
    by_operation = AskedByOperations.seen_by(reader, operations, tree)
    needs = needs_on(who, asked.by_position([who]), day)
    behind: dict[int, list[Operation]] = {}
    for operation in operations:
        for need in by_operation.needs(operation, who, day).values():
            before = needs.get(need.course)
            needs[need.course] = stricter(before, need) if before else need
            behind.setdefault(need.course, []).append(operation)
    row = row_of(who, needs, held_by(Qualification.objects.visible_to(reader), [who], needs), day)
    rules = asked.requirements | {rule.pk: rule for rule in by_operation.typed}
    readiness = Readiness(day, [row], courses_named(needs), rules=rules)
    lines = [
        Line(course, row.cells[course.pk], _why(needs[course.pk], rules), behind.get(course.pk, []))
        for course in readiness.courses
    ]
    lines.sort(key=lambda line: (-URGENCY[line.cell.standing], line.cell.on or date.max, line.course.code))
    return Own(who, lines, readiness)


def _why(need: Need, rules: dict[int, Requirement]) -> list[str]:
    return [rules[pk].target_words for pk in need.rules]
