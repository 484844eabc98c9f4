"""What a figure is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from cimic_portal.core.makers import highest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord


@dataclass(frozen=True)
class Point:
    """One value over time: what it is called, and how much."""

    label: str
    value: float


@dataclass(frozen=True)
class Bar:
    """One value among others: its share of the bar in per cent, the words beside it, the records behind.

    `count`, `of`: what was counted, for files and programs; without `of` the bars are counts side by side.
    """

    label: str
    share: int
    words: str
    count: int
    of: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Reckoned:
    """A figure for one reader. `answer`: what it says, in a sentence; empty where there is nothing to count.

    `period`: of which time. `url`, `label`: the records behind it. `records`: those that it was counted
    from, for the log of reads and the level of the page.
    """

    answer: str
    period: str
    points: Sequence[Point] = ()
    bars: Sequence[Bar] = ()
    url: str = ""
    label: str = ""
    records: Sequence[SharedRecord] = field(default_factory=list)

    @property
    def level(self) -> int:
        return highest(self.records)


@dataclass(frozen=True)
class Figure:
    """A question, how its answer is reckoned, and what reckons it for one reader on one day."""

    key: str
    question: StrOrPromise
    definition: StrOrPromise
    reckon: Callable[[Person, date], Reckoned]
