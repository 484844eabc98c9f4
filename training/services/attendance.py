"""A list of who came to a session, as a file: tried row by row, entered as far as it fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.paper.cells import inert
from cimic_portal.core.tablefile import TableShape, line_of, refuse_file
from training.models import Result
from training.policies.course import deputised_for
from training.services.session import Mark, mark_problems, mark_results, seated_rows

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Enrolment, Session

# Twice the seats of the largest session: who was absent stays on the list, and another has the seat.
MOST_ATTENDING = 2000
ATTENDANCE_TABLE = TableShape(
    heads={
        "email": "email",
        "e-mail": "email",
        "name": "name",
        "attended": "came",
        "attendance": "came",
        "result": "result",
        "score": "score",
        "per cent": "score",
    },
    needed=("email", "came"),
    sheet="attendance",
    no_head=gettext_lazy("None of the first lines names the columns E-mail and Attendance."),
    no_rows=gettext_lazy("The list names nobody."),
    most=MOST_ATTENDING,
)
# What people write in such lists, in small letters.
_YES, _NO = (
    frozenset(["yes", "y", "x", "1", "came", "attended", "present"]),
    frozenset(["no", "n", "0", "absent"]),
)
_RESULTS = {
    "": "",
    "passed": Result.PASSED,
    "pass": Result.PASSED,
    "failed": Result.FAILED,
    "fail": Result.FAILED,
}
SHOWN = 60


@dataclass
class AttendanceRow:
    """One row of the list: its texts, whom it means, and why it cannot be entered."""

    line: int
    cells: Mapping[str, str]
    person: str = ""
    mark: Mark | None = None
    problems: list[str] = field(default_factory=list)


def try_attendance(
    session: Session, rows: Iterable[Mapping[str, str]], *, actor: Person
) -> list[AttendanceRow]:
    """What each row would enter, and what stands against it; nothing is saved."""
    seated = seated_rows(session)
    # An address that begins like a formula stands otherwise in the portal's own list.
    by_address = {
        address: row
        for row in seated.values()
        for address in (row.record.person.email, inert(row.record.person.email))
    }
    others = deputised_for(actor, session)
    found, named = [], set()
    for cells in rows:
        one = AttendanceRow(line_of(cells), cells)
        row = by_address.get(cells.get("email", "").strip().lower())
        if row is None:
            one.problems.append(_("Nobody with this address has a seat in this session."))
        elif row.pk in named:
            one.problems.append(_("This person stands in the list twice."))
        else:
            named.add(row.pk)
            one.person = str(row.record)
            mark = _read(one, row)
            one.problems += mark_problems(session, seated, mark, actor, others) if mark else []
            one.mark = None if one.problems else mark
        found.append(one)
    return found


def _read(one: AttendanceRow, row: Enrolment) -> Mark | None:
    """What the texts of the row say; None, with the problems, where they say nothing that is known."""
    came, result, score = (one.cells.get(name, "").strip().casefold() for name in ("came", "result", "score"))
    score = score.removesuffix("%").strip()
    if came not in _YES | _NO:
        one.problems.append(_("Attendance is yes or no, not “%(text)s”.") % {"text": came[:SHOWN]})
    if result not in _RESULTS:
        one.problems.append(_("A result is passed or failed, not “%(text)s”.") % {"text": result[:SHOWN]})
    if score and not (score.isdecimal() and len(score) <= len("100")):
        one.problems.append(
            _("A score is a whole number of per cent, not “%(text)s”.") % {"text": score[:SHOWN]}
        )
    if one.problems:
        return None
    return Mark(row.pk, came in _YES, _RESULTS[result], int(score) if score else None)


def import_attendance(
    session: Session, rows: Iterable[Mapping[str, str]], *, actor: Person, version: int
) -> int:
    """Enter the rows that fit, in one step. How many. Raises RefusedError, InvalidError, StaleError."""
    marks = [row.mark for row in try_attendance(session, rows, actor=actor) if row.mark is not None]
    if not marks:
        refuse_file(_("None of the rows can be entered."))
    mark_results(session, marks, actor=actor, version=version)
    return len(marks)
