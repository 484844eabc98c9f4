"""What stood in a table at a moment, read from its trail."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from cimic_portal.core.audit.events import event_model_of

_WHY = "what stood there at a moment of the past"


@dataclass
class _Row:
    """One row over time: when each of its events was written, and what it was from then on."""

    times: list[datetime] = field(default_factory=list)
    values: list[dict[str, Any] | None] = field(default_factory=list)

    def take(self, at: datetime, values: dict[str, Any] | None) -> None:
        self.times.append(at)
        self.values.append(values)

    def at(self, moment: datetime) -> dict[str, Any] | None:
        place = bisect_right(self.times, moment)
        return self.values[place - 1] if place else None


class Past:
    """The rows of one table as they stood over time; `columns` are what is asked of each.

    `identity` names what tells one row from another, where the trail does not carry its id.
    """

    def __init__(
        self, model: type[models.Model], *columns: str, identity: tuple[str, ...] = (), **narrowed: Any
    ) -> None:
        told_apart = identity or ("pgh_obj_id",)
        self._rows: dict[Any, _Row] = {}
        wanted = ("pgh_created_at", "pgh_label", *told_apart, *columns)
        for values in events_of(model).filter(**narrowed).order_by("pgh_id").values(*wanted):
            gone = values["pgh_label"] == "delete"
            row = self._rows.setdefault(tuple(values[name] for name in told_apart), _Row())
            row.take(values["pgh_created_at"], None if gone else values)

    def at(self, moment: datetime) -> Iterator[dict[str, Any]]:
        """What stood there at that moment."""
        for row in self._rows.values():
            values = row.at(moment)
            if values is not None:
                yield values

    def changes(self, since: datetime, until: datetime, *edges: str) -> Iterator[datetime]:
        """When anything changed within [since, until); `edges` name columns of times that count as well."""
        for row in self._rows.values():
            times: Iterable[Any] = [
                *row.times,
                *(values[edge] for values in row.values if values for edge in edges),
            ]
            yield from (time for time in times if time is not None and since <= time < until)


def events_of(model: type[models.Model]) -> Any:
    """The trail of a tracked model, of everybody's rows."""
    events = event_model_of(model)
    if events is None:
        raise LookupError(f"{model.__name__} is not tracked.")
    rows: Any = events._default_manager
    return rows.unscoped(_WHY)
