"""The reports that the portal can make: each app adds its makers at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Protocol

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Document, Office, Person
    from cimic_portal.core.sharing.records import Part, SharedRecord


class Progress(Protocol):
    """Called by a maker as often as it likes: `done` of `total` steps; the page shows it."""

    def __call__(self, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class Made:
    """A finished paper.

    content: the file, as bytes or as an open binary file at its beginning (it is closed by the
    taker). classification: what its lines say, see `highest`. sources: every shared record of which
    it tells anything, each once or more often; and a part of one, where that is narrower than its
    record.
    """

    content: bytes | IO[bytes]
    classification: int
    sources: Iterable[SharedRecord | Part]


@dataclass(frozen=True)
class ReportMaker:
    """A kind of report.

    kind: kept in the database, such as "sitrep". title: what it is called where no better one is
    given. forms: file endings it can make. make(document, person, progress): makes
    `document.form` from `document.parameters`, reading only what `visible_to(person)` gives; it runs
    in a worker, sees everything as it stood at one moment, and may run again after a crash.
    route: name of the page on which one asks for it; the list of documents then offers it.
    settle(parameters, office): what is fixed when it is asked for, in the same transaction, such as
    the number of a copy; it gives the parameters back.
    """

    kind: str
    title: StrOrPromise
    make: Callable[[Document, Person, Progress], Made]
    forms: tuple[str, ...] = ("pdf", "xlsx")
    route: str = ""
    settle: Callable[[Mapping[str, Any], Office], Mapping[str, Any]] | None = None


_makers: dict[str, ReportMaker] = {}


def add_maker(maker: ReportMaker) -> None:
    """Make a kind of report known."""
    if _makers.setdefault(maker.kind, maker) != maker:
        raise ProgrammingMistakeError(f"Two makers of reports are called {maker.kind!r}.")


def maker_of(kind: str) -> ReportMaker | None:
    """The maker of that kind; None when no app knows it (any more)."""
    return _makers.get(kind)


def all_makers() -> list[ReportMaker]:
    return list(_makers.values())


def highest(sources: Iterable[SharedRecord]) -> int:
    """The level that a paper made from these records carries."""
    return max((record.classification for record in sources), default=int(Classification.UNCLASSIFIED))
