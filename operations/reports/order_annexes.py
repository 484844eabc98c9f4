"""The annexes of an order: each is a function that returns typed rows, made known at start-up.

An annex is added with `add_annex(Annex(name, title, make, order))`, from `apps.py`. It reads through
`visible_to(book.person)` alone, and names the shared records of which it tells anything beside the
operation as `sources`: the level of the document and who may fetch it follow from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cimic_portal.core.errors import ProgrammingMistakeError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.paper.sketch import Sketch
    from cimic_portal.core.sharing.records import SharedRecord
    from operations.reports.order_reading import OrderBook

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Line:
    """A row of a table: one text for each column. With `group` it is a heading over the rows below it."""

    cells: Sequence[str] = ()
    group: str = ""


@dataclass(frozen=True)
class Table:
    """`shares`: the parts of the width that the columns take."""

    caption: str
    heads: Sequence[str]
    shares: Sequence[float]
    rows: Sequence[Line]
    note: str = ""
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Entry:
    """A task or decision point in a cell of the matrix: its number, what it is, and when."""

    number: str
    words: str
    when: str = ""
    critical: bool = False


@dataclass(frozen=True)
class Cell:
    """What begins in a column, and the numbers of what goes on from before."""

    entries: Sequence[Entry] = ()
    on: str = ""


@dataclass(frozen=True)
class MatrixRow:
    words: str
    sub: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """Some columns of time side by side, as many as fit on a sheet; `heads`: time, and the phases in it."""

    caption: str
    who: str
    heads: Sequence[tuple[str, str]]
    rows: Sequence[MatrixRow]
    note: str = ""
    kind: str = field(default="matrix", init=False)


@dataclass(frozen=True)
class Map:
    """A sketch with the grid; `alt` says in words what it shows."""

    caption: str
    sketch: Sketch
    alt: str
    kind: str = field(default="map", init=False)


Part = Table | Matrix | Map


@dataclass(frozen=True)
class Content:
    """What stands in an annex. `sources`: shared records beside the operation of which it tells."""

    parts: Sequence[Part]
    intro: str = ""
    sources: Sequence[SharedRecord] = ()


@dataclass(frozen=True)
class Annex:
    """One kind of annex.

    name: by which other parts of the order refer to it. make(book): its content; None leaves it out,
    and the next one gets its letter. order: the place among the annexes. across: on sheets laid across.
    """

    name: str
    title: StrOrPromise
    make: Callable[[OrderBook], Content | None]
    order: int
    across: bool = False


@dataclass(frozen=True)
class MadeAnnex:
    """An annex with its letter, as the template takes it."""

    letter: str
    title: str
    across: bool
    intro: str
    parts: Sequence[Part]


_annexes: dict[str, Annex] = {}


def add_annex(annex: Annex) -> None:
    """Make an annex known."""
    if _annexes.setdefault(annex.name, annex) != annex:
        raise ProgrammingMistakeError(f"Two annexes are called {annex.name!r}.")


def make_annexes(book: OrderBook) -> tuple[list[MadeAnnex], list[Any]]:
    """The annexes in their order with their letters, and the sources of them all."""
    made: list[MadeAnnex] = []
    sources: list[Any] = []
    for annex in sorted(_annexes.values(), key=lambda one: one.order):
        content = annex.make(book)
        if content is None:
            continue
        letter = LETTERS[len(made)]
        book.letters[annex.name] = letter
        made.append(MadeAnnex(letter, str(annex.title), annex.across, content.intro, content.parts))
        sources += content.sources
    return made, sources
