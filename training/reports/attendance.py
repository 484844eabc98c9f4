"""The list of a session to fill in offline: what the import of attendance reads, one row for each seat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cimic_portal.core.paper.sheet import Column
from training.models import EnrolmentState

if TYPE_CHECKING:
    from training.models import Enrolment

# Not translated, heads and words: the import knows these.
COLUMNS = [
    Column("email", "E-mail"),
    Column("name", "Name"),
    Column("came", "Attendance", "choice"),
    Column("result", "Result", "choice"),
    Column("score", "Score", "integer"),
]
_CAME = {EnrolmentState.ATTENDED: "yes", EnrolmentState.ABSENT: "no"}


def lines_of(rows: Iterable[Enrolment]) -> Iterator[dict[str, object]]:
    """A line for each seat, with the marks that were given already. The rows come with their person."""
    for row in rows:
        person = row.record.person
        yield {
            "email": person.email,
            "name": str(person),
            "came": _CAME.get(EnrolmentState(row.state), ""),
            "result": row.result,
            "score": row.score,
        }
