"""What the readers of positions and area files raise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from cimic_portal.core.errors import InvalidError


class PositionError(ValueError):
    """A text or pair of numbers that names no position; the message is for the person who typed it."""


class BoundaryError(ValueError):
    """A geometry that is no sound boundary; the message is the reason."""


@dataclass(frozen=True)
class BadRow:
    """One row that keeps a file out. `where` is `line 7` or `feature 3`; empty for the file itself."""

    where: str
    pcode: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.where} ({self.pcode})" if self.where and self.pcode else self.where or self.pcode
        return f"{place}: {self.reason}" if place else self.reason


class ImportRefusedError(InvalidError):
    """A file that was refused whole: nothing of it was kept. `rows` names every reason."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        self.rows = list(rows)
        super().__init__({"file": [str(row) for row in self.rows]})

    @classmethod
    def whole(cls, reason: str) -> ImportRefusedError:
        """The file itself cannot be read."""
        return cls([BadRow("", "", reason)])

    def lines(self, limit: int) -> list[str]:
        """At most `limit` reasons, then how many more there are."""
        shown = [str(row) for row in self.rows[:limit]]
        more = len(self.rows) - limit
        if more > 0:
            shown.append(ngettext("and %(count)d more.", "and %(count)d more.", more) % {"count": more})
        return shown
