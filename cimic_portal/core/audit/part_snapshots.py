"""Who could read a part of a record at each point of its history.

As for records: under the rule of today and under its own day's. The part must be visible today, the
record it belongs to must have been visible to the person when the row was written, and so must every
part between the two (a section of a plan lies in a revision, which lies in an operation).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from cimic_portal.core.audit.snapshots import keys_at, visible_events
from cimic_portal.core.sharing.records import Part, SharedRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

_WHY = "history of parts asks today's rule and each row's own"


def visible_part_events(parts: Sequence[Part], person: Person) -> list[Any]:
    """The events of these parts, all of one model and one record, that the person may see; oldest first."""
    if not parts:
        return []
    model: Any = type(parts[0])
    assert not model.also_of, "a part of two records has no history of its own yet"
    shown = model._default_manager.visible_to(person).filter(pk__in=[part.pk for part in parts])
    trail = _trail(model, list(shown.values_list("pk", flat=True)))
    if not trail:
        return []
    record, between = _above(parts)
    then = _Record(record, person)
    found = []
    for event in trail:
        place = then.place(event)
        if place is not None and then.was_visible(place) and _open(event, between, then, place, person):
            found.append(event)
    return found


class _Record:
    """The record's events: which of them stood when something was written, and which the person may see."""

    def __init__(self, record: SharedRecord, person: Person) -> None:
        trail: Any = record.events  # type: ignore[attr-defined]
        self.events = list(trail.unscoped(_WHY).order_by("pgh_id"))
        self._seen = {place for place, _event in visible_events(record, person)}
        early = [child for child in type(record).roles.children if child.early]  # type: ignore[attr-defined]
        self.early_keys = keys_at(early, record, self.events)
        self._standing = _Standing(self.events)

    def place(self, event: Any) -> int | None:
        return self._standing.place(event)

    def was_visible(self, place: int) -> bool:
        return place in self._seen


class _Standing:
    """Which of some events, oldest first, stood when another was written."""

    def __init__(self, events: Sequence[Any]) -> None:
        # Of one verb the last counts: it is what the verb left behind.
        self._by_context = {event.pgh_context_id: place for place, event in enumerate(events)}
        self._by_context.pop(None, None)
        self._times = [event.pgh_created_at for event in events]

    def place(self, event: Any) -> int | None:
        """None where none stood yet."""
        if event.pgh_context_id in self._by_context:
            return self._by_context[event.pgh_context_id]
        later = bisect_right(self._times, event.pgh_created_at)
        return later - 1 if later else None


# (the link to the part above, its model, its events by the key of their row)
Between = tuple[str, type[Part], dict[int, list[Any]]]


def _above(parts: Sequence[Part]) -> tuple[SharedRecord, list[Between]]:
    """The record, and the parts between: of each its link and its events."""
    between: list[Between] = []
    level: list[Any] = list(parts)
    while isinstance(level[0], Part):
        link = level[0].part_of
        level = list({row.pk: row for row in (getattr(one, link) for one in level)}.values())
        if isinstance(level[0], Part):
            by_row: dict[int, list[Any]] = defaultdict(list)
            for event in _trail(type(level[0]), [row.pk for row in level]):
                by_row[event.pgh_obj_id].append(event)
            between.append((link, type(level[0]), by_row))
    assert len(level) == 1, "the parts belong to one record"
    return cast(SharedRecord, level[0]), between


def _open(event: Any, between: Sequence[Between], then: _Record, place: int, person: Person) -> bool:
    """Whether each part above was open by a rule of its own."""
    row = event
    for link, model, events in between:
        standing = events.get(getattr(row, f"{link}_id"), [])
        at = _Standing(standing).place(event)
        if at is None:
            return False
        row = standing[at]
        if not model.was_open(row, then.events[place], then.early_keys[place], person):
            return False
    return True


def _trail(model: Any, keys: Sequence[int]) -> list[Any]:
    rows = model.events.rel.related_model
    return list(rows._default_manager.unscoped(_WHY).filter(pgh_obj_id__in=keys).order_by("pgh_id"))
