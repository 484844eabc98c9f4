"""Statements that are planned once for each connection: asked by every request, and slow to plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, eq=False)
class Prepared:
    """One statement of our own, never of input. `sql` has $1, $2 … for values of `types`, in their order.

    Told to the server by each connection before it first asks; see PREPARE in PostgreSQL's manual.
    """

    name: str
    types: tuple[str, ...]
    sql: str
    _known_to: WeakSet[Any] = field(default_factory=WeakSet)

    def rows(self, *values: Any) -> Sequence[tuple[Any, ...]]:
        """What it answers to these values."""
        with connection.cursor() as cursor:
            if connection.connection not in self._known_to:
                self._prepare()
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"EXECUTE {self.name} ({marks})", values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _prepare(self) -> None:
        # Past Django's cursor: to whoever counts queries, those of a new connection are not its pages'.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.name} ({', '.join(self.types)}) AS {self.sql}")
        self._known_to.add(connection.connection)
