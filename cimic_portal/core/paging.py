"""Keyset paging: how every list is cut into pages, never by OFFSET.

A page is found by the sort values of the row beside it, so that page 500 costs what page 1 costs
and rows that arrive meanwhile neither repeat nor hide others. Why it is done this way,
with the measured plans: docs/decisions/0011-paging-and-counts.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, OrderBy
from django.utils.translation import gettext as _

from cimic_portal.core.errors import PortalError
from cimic_portal.core.ordering import By, FromTheSet, Ordering, SortColumn, beyond, by, resolved

PAGE_SIZE: Final = 50
MOST_ON_A_PAGE: Final = 200
_LONGEST_CURSOR: Final = 2_000

M = TypeVar("M", bound=models.Model)


class CursorError(PortalError):
    """The address of a page was changed, or belongs to another person or another list."""

    code = "cursor"

    def __init__(self) -> None:
        super().__init__(
            _("This page address does not fit this list. The list is shown from its beginning instead.")
        )


@dataclass(frozen=True)
class Position:
    """Where a page begins: beyond the row with these sort values, read towards the end or back.

    `number` counts the rows before the page, as they stood when the reader passed them.
    """

    values: tuple[Any, ...]
    back: bool
    number: int


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page: its rows, the number of the first one, and where its neighbours begin."""

    rows: list[M]
    first: int
    next: Position | None
    previous: Position | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


class Keyset(Generic[M]):
    """A queryset in an order that names each row's place; the primary key breaks ties.

    `prepare` adds joins and prefetches to what is shown; `within` are rows of the same reader among
    which those of a page are fetched (default: `rows`), without asking every filter again.
    """

    def __init__(
        self,
        rows: models.QuerySet[M],
        ordering: Ordering,
        *,
        prepare: Callable[[models.QuerySet[M]], models.QuerySet[M]] = lambda rows: rows,
        within: models.QuerySet[M] | None = None,
    ) -> None:
        wanted = [item if isinstance(item, By) else by(item) for item in ordering]
        columns = [resolved(rows, item, place) for place, item in enumerate(wanted)]
        pk = rows.model._meta.pk
        if columns[-1].name not in ("pk", pk.name):
            # The direction of the first column, so that one index serves both.
            columns.append(SortColumn("pk", columns[0].descending, False, pk))
        self.columns = columns
        named = {column.name: column.expression for column in columns if column.expression is not None}
        self.rows = rows.annotate(**named) if named else rows
        self.within = self.rows if within is None else within.annotate(**named)
        self.prepare = prepare

    def page(self, position: Position | None, size: int = PAGE_SIZE, *, few: bool = False) -> Page[M]:
        """The page at `position` (None: the first).

        `few`: the caller counted, and the whole set is small (not capped): it is gathered through
        the sharing rule and sorted, and then the page is joined; otherwise the sort index is walked.
        """
        if position is None:
            return self._forward(self._read(None, size, few), size, 0)
        rows = self._read(position, size, few)
        if not position.back:
            return self._forward(rows, size, position.number)
        if len(rows) < size:
            # Going back met the beginning too soon: show a whole first page.
            return self._forward(self._read(None, size, few), size, 0)
        newer = len(rows) > size
        number = max(position.number - size, 0) if newer else 0
        return self._made(rows[:size][::-1], number, older=True, newer=newer)

    def _read(self, position: Position | None, size: int, few: bool) -> list[M]:
        back = position is not None and position.back
        rows = self.ordered(back=back, few=few)
        if position is not None:
            rows = rows.filter(beyond(self.columns, position.values, back, few=few))
        if few:
            chosen = self.within.filter(pk__in=rows[: size + 1].values("pk"))
            return list(self.prepare(self._sorted(chosen, back, few=False)))
        return list(self.prepare(rows)[: size + 1])

    def ordered(self, *, back: bool = False, few: bool = False) -> models.QuerySet[M]:
        """All rows in this order, not prepared; see `page` for `few`."""
        return self._sorted(self.rows, back, few)

    def _sorted(self, rows: models.QuerySet[M], back: bool, few: bool) -> models.QuerySet[M]:
        return rows.order_by(*(self._order(column, back, few) for column in self.columns))

    def _order(self, column: SortColumn, back: bool, few: bool) -> OrderBy:
        value: F | Func = FromTheSet(F(column.name)) if few else F(column.name)
        down = column.turned(back)
        # Empty values stand at the end, so they come first on the way back.
        last = {} if not column.nullable else {"nulls_first": True} if back else {"nulls_last": True}
        return value.desc(**last) if down else value.asc(**last)

    def _forward(self, rows: list[M], size: int, number: int) -> Page[M]:
        return self._made(rows[:size], number, older=len(rows) > size, newer=number > 0)

    def _made(self, rows: list[M], number: int, *, older: bool, newer: bool) -> Page[M]:
        return Page(
            rows=rows,
            first=number + 1,
            next=Position(self._values(rows[-1]), False, number + len(rows)) if rows and older else None,
            previous=Position(self._values(rows[0]), True, number) if rows and newer else None,
        )

    def _values(self, row: M) -> tuple[Any, ...]:
        return tuple(getattr(row, column.name) for column in self.columns)

    def seal(self, position: Position | None, binding: str) -> str:
        """The position as an opaque, signed text for an address; empty for none.

        It holds sort values that this reader was just shown. `binding` names person and query
        (see `binding`), and the text opens with the same one only.
        """
        if position is None:
            return ""
        values = [_plain(value) for value in position.values]
        return signing.dumps([values, position.back, position.number], salt=binding, compress=True)

    def unseal(self, text: str, binding: str) -> Position | None:
        """The position in `text`, None when it is empty. Raises CursorError for any other text."""
        if not text:
            return None
        if len(text) > _LONGEST_CURSOR:
            raise CursorError
        try:
            values, back, number = signing.loads(text, salt=binding)
            typed = tuple(
                column.field.to_python(value) for column, value in zip(self.columns, values, strict=True)
            )
        except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
            raise CursorError from error
        return Position(typed, bool(back), int(number))


def binding(person_id: int, what: str, query: Sequence[tuple[str, str]]) -> str:
    """Names a person and a query, so that a cursor cannot be handed on or used in another list."""
    told = json.dumps([person_id, what, sorted(query)], ensure_ascii=True)
    return "core.paging." + hashlib.sha256(told.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A sort value as JSON takes it, without loss; the field's `to_python` reads it again."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value
