"""Counts of lists: exact up to a cap, whatever the size of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

COUNT_CAP: Final = 10_000


@dataclass(frozen=True)
class Count:
    """How many rows; when `capped`, more than `number`."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        shown = number_format(self.number, force_grouping=True)
        return _("over {count}").format(count=shown) if self.capped else shown


def capped_counts(wanted: Sequence[tuple[models.QuerySet[Any], int]]) -> list[Count]:
    """How many rows each queryset has, up to its own cap, all in one statement.

    `SELECT count(*) FROM (… LIMIT cap + 1)` for each: a long list costs no more than its cap.
    """
    selects: list[str] = []
    params: list[Any] = []
    for rows, cap in wanted:
        sql, own = _count_statement(rows, cap)
        selects.append(sql)
        params.extend(own)
    if not selects:
        return []
    with connections[wanted[0][0].db].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", params)
        found = cursor.fetchone()
    return [
        Count(min(number, cap), capped=number > cap)
        for number, (_rows, cap) in zip(found, wanted, strict=True)
    ]


def capped_count(rows: models.QuerySet[Any], cap: int = COUNT_CAP) -> Count:
    """How many rows, exact up to `cap`."""
    return capped_counts([(rows, cap)])[0]


def _count_statement(rows: models.QuerySet[Any], cap: int) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", params  # noqa: S608 - Django's own statement
