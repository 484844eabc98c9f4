"""The order of a list: its columns, and what stands beyond a row in it.

Kept apart from paging, which uses it: here is all that becomes SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value


@dataclass(frozen=True)
class By:
    """One column that a list is sorted by.

    `name` is a field of the model, a path (`office__name`), or, with `expression`, any name. Empty
    values come last in both directions. `nullable` must be said for an expression that can be null.
    """

    name: str
    descending: bool = False
    expression: Func | None = None
    nullable: bool = False


def by(name: str) -> By:
    """`"-starts_at"`: newest first; `"name"`: from A."""
    return By(name.removeprefix("-"), descending=name.startswith("-"))


Ordering = Sequence[str | By]


@dataclass(frozen=True)
class SortColumn:
    """A sort column, resolved against a model: what it is called in the query, and its type."""

    name: str
    descending: bool
    nullable: bool
    field: models.Field[Any, Any]
    expression: Func | F | None = None

    def turned(self, back: bool) -> bool:
        """Whether it is read from high to low, going this way."""
        return self.descending != back


class RowBeyond(Func):
    """`(a, b) < (x, y)`: one comparison that an index on (a, b) answers at any depth.

    `few`: in the form of `FromTheSet`, which no index serves.
    """

    output_field = models.BooleanField()
    template = "(%(left)s) %(sign)s (%(right)s)"

    def __init__(
        self, columns: Sequence[SortColumn], values: Sequence[Any], sign: str, *, few: bool = False
    ) -> None:
        names = [F(column.name) for column in columns]
        super().__init__(
            *[FromTheSet(name) if few else name for name in names],
            *[Value(value, output_field=column.field) for column, value in zip(columns, values, strict=True)],
        )
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *_given: Any, **_context: Any) -> Any:
        parts: list[str] = []
        params: list[Any] = []
        for source in self.source_expressions:
            sql, own = compiler.compile(source)
            parts.append(sql)
            params.extend(own)
        half = len(parts) // 2
        words = {"left": ", ".join(parts[:half]), "sign": self.sign, "right": ", ".join(parts[half:])}
        return self.template % words, params


class FromTheSet(Func):
    """The same value, in a form that no index serves: `GREATEST` of one argument.

    Keeps the planner from walking an index on the sort column in the hope of meeting a visible row
    soon: where few rows match, it gathers them all and sorts those.
    """

    function = "GREATEST"
    arity = 1


def resolved(rows: models.QuerySet[Any], item: By, place: int) -> SortColumn:
    """A column of the order against the model of the rows; `place` numbers it."""
    if item.expression is not None:
        field = item.expression.resolve_expression(rows.query).output_field
        return SortColumn(f"_sort_{place}", item.descending, item.nullable, field, item.expression)
    steps = item.name.split("__")
    model: Any = rows.model
    nullable = item.nullable
    for step in steps[:-1]:
        relation = model._meta.get_field(step)
        nullable = nullable or relation.null
        model = relation.related_model
    field = model._meta.pk if steps[-1] == "pk" else model._meta.get_field(steps[-1])
    expression = F(item.name) if len(steps) > 1 else None
    name = f"_sort_{place}" if expression else item.name
    return SortColumn(name, item.descending, nullable or field.null, field, expression)


def beyond(columns: Sequence[SortColumn], values: Sequence[Any], back: bool, *, few: bool = False) -> Q:
    """The rows beyond these sort values; `few` as for `Keyset.page`."""
    down = columns[0].turned(back)
    if not any(column.nullable or column.turned(back) != down for column in columns):
        return Q(RowBeyond(columns, values, "<" if down else ">", few=few))
    found = Q(pk__in=[])
    same = Q()
    for column, value in zip(columns, values, strict=True):
        found |= same & _past(column, value, back)
        same &= Q(**{f"{column.name}__isnull": True}) if value is None else Q(**{column.name: value})
    return found


def _past(column: SortColumn, value: Any, back: bool) -> Q:
    empty = Q(**{f"{column.name}__isnull": True})
    if value is None:
        return ~empty if back else Q(pk__in=[])
    past = Q(**{f"{column.name}__{'lt' if column.turned(back) else 'gt'}": value})
    return past | empty if column.nullable and not back else past
