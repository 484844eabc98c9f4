"""The matrix people × courses, page after page: what stands in each cell, in short words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from training.readiness.reckon import EXPIRING, Cell, Standing

if TYPE_CHECKING:
    from training.models import Course
    from training.readiness.people import Who
    from training.readiness.reading import Readiness, Row

PAGE = 50
_LOOKS = {
    "late": lambda row: any(cell.is_late for cell in row.cells.values()),
    "due": lambda row: any(cell.standing == Standing.DUE for cell in row.cells.values()),
    "expiring": lambda row: any(cell.standing in EXPIRING for cell in row.cells.values()),
    "ready": lambda row: all(cell.is_valid for cell in row.cells.values()),
}


@dataclass(frozen=True)
class ShownCell:
    """A letter for the look, short words, and the course's code where there is something to do."""

    look: str
    words: str
    code: str = ""


NOT_ASKED = ShownCell("n", "")
_LETTERS = {
    Standing.READY: "r",
    Standing.EXPIRES_90: "e",
    Standing.EXPIRES_60: "e",
    Standing.EXPIRES_30: "w",
    Standing.DUE: "w",
    Standing.EXPIRED: "l",
    Standing.OVERDUE: "l",
}


@dataclass(frozen=True)
class ShownRow:
    who: Who
    cells: list[ShownCell]
    valid: int
    asked: int

    @property
    def is_ready(self) -> bool:
        return self.valid == self.asked


@dataclass(frozen=True)
class MatrixPage:
    """Fifty people by name; `before` and `after`: ids of the people with which other pages begin after."""

    rows: list[ShownRow]
    courses: Sequence[Course]
    first: int
    last: int
    total: int
    before: int | None = None
    after: int | None = None

    @property
    def has_before(self) -> bool:
        return self.first > 1


def looked_at(readiness: Readiness, look: str) -> list[Row]:
    """The rows that fit; every row where none is asked for."""
    return [row for row in readiness.rows if look not in _LOOKS or _LOOKS[look](row)]


def matrix_page(readiness: Readiness, rows: Sequence[Row], after: int | None = None) -> MatrixPage:
    """The page that follows the person with this id; the first where there is no such person."""
    start = _start(readiness, rows, after)
    shown = rows[start : start + PAGE]
    end = start + len(shown)
    earlier = start - PAGE
    return MatrixPage(
        rows=[shown_row(row, readiness.courses) for row in shown],
        courses=readiness.courses,
        first=start + 1 if shown else 0,
        last=end,
        total=len(rows),
        before=rows[earlier - 1].who.pk if earlier > 0 else None,
        after=rows[end - 1].who.pk if end < len(rows) else None,
    )


def _start(readiness: Readiness, rows: Sequence[Row], after: int | None) -> int:
    """By name and not by number, so that whoever leaves the rows meanwhile moves nobody past the reader."""
    named = next((row.who.order for row in readiness.rows if row.who.pk == after), None)
    if named is None:
        return 0
    return sum(row.who.order <= named for row in rows)


def shown_row(row: Row, courses: Sequence[Course]) -> ShownRow:
    cells = [
        shown_cell(row.cells[course.pk], course.code) if course.pk in row.cells else NOT_ASKED
        for course in courses
    ]
    return ShownRow(row.who, cells, row.valid, len(row.cells))


def shown_cell(cell: Cell, code: str) -> ShownCell:
    """The look and the words of one cell; colour never stands alone."""
    if cell.standing == Standing.READY:
        return ShownCell("r", "✓")
    return ShownCell(_LETTERS[cell.standing], short_words(cell), code)


def short_words(cell: Cell) -> str:
    """`by 3 Dec 26`, `late 3 Nov 26`, `exp. 3 Nov 26`, `✓ to 3 Jan 27`."""
    if cell.on is None:
        return "✓"
    day = format_date(cell.on, "j M y")
    match cell.standing:
        case Standing.DUE:
            return _("by %(day)s") % {"day": day}
        case Standing.OVERDUE:
            return _("late %(day)s") % {"day": day}
        case Standing.EXPIRED:
            return _("exp. %(day)s") % {"day": day}
    return _("✓ to %(day)s") % {"day": day}
