"""Reading the trail of one record: under the rule of today and under that of each row's own day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from cimic_portal.core.audit.snapshots import visible_events
from cimic_portal.core.sharing.scope import is_guarded

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import Reference, SharedRecord

# Kept by the portal itself; a change of these tells a reader nothing.
_SILENT = {"id", "reference", "version", "created_at", "updated_at", "reader_keys", "published_at"}


@dataclass(frozen=True)
class Change:
    """One field: its label, what was, what is. Values are the stored ones, as text."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One verb in the history of a record. `at` is in UTC.

    `after_gap`: earlier versions right before it are not open to this reader, so no change is told.
    """

    at: datetime
    verb: str
    actor: int | None
    reason: str
    version: int
    changes: tuple[Change, ...]
    after_gap: bool = False


def _changes(model: type[models.Model], before: Any, after: Any, person: Person) -> Iterator[Change]:
    for field in model._meta.concrete_fields:
        # Some columns (a password) are kept out of the trail.
        if field.name in _SILENT or not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old == new:
            continue
        was, now = _shown(field, old, person), _shown(field, new, person)
        # Alike when both point at records that the reader may not see.
        if was != now:
            yield Change(str(field.verbose_name), was, now)


def _shown(field: models.Field[Any, Any], value: Any, person: Person) -> str:
    if value in (None, "", []):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.ForeignKey):
        return _name_of(field.related_model, value, person)
    return str(value)


def _name_of(model: Any, pk: int, person: Person) -> str:
    """What the other end of a link is called, as far as the reader may see it."""
    rows = model._default_manager
    rows = rows.visible_to(person) if is_guarded(model) else rows.all()
    found = rows.filter(pk=pk).first()
    return "" if found is None else str(found)


def history_of(record: SharedRecord, person: Person) -> list[Entry]:
    """What was done to the record, newest first, in this person's view."""
    return _entries(type(record), visible_events(record, person), person)


def history_of_reference(record: Reference, person: Person) -> list[Entry]:
    """What was done to a row of reference data, newest first: whoever reads it reads its history."""
    events = record.events.order_by("pgh_id")  # type: ignore[attr-defined]
    return _entries(type(record), enumerate(events), person)


def _entries(model: type[models.Model], seen: Iterable[tuple[int, Any]], person: Person) -> list[Entry]:
    """`seen`: the events that the person may see, each with its place among all of the record's."""
    entries: list[Entry] = []
    previous: Any = None
    expected = 0
    for _context, group in groupby(seen, key=lambda step: step[1].pgh_context_id or step[1].pgh_id):
        steps = list(group)
        (first, _event), (place, last) = steps[0], steps[-1]
        gap = first != expected or place - first != len(steps) - 1
        context = last.pgh_context or {}
        entries.append(
            Entry(
                at=last.pgh_created_at,
                verb=context.get("verb", last.pgh_label),
                actor=context.get("actor"),
                reason=context.get("reason", ""),
                version=getattr(last, "version", 0),
                # What changed across a gap was not the work of this verb alone.
                changes=() if previous is None or gap else tuple(_changes(model, previous, last, person)),
                after_gap=gap,
            )
        )
        previous, expected = last, place + 1
    return entries[::-1]


def changes_since(record: SharedRecord, version: int, person: Person) -> list[str]:
    """What changed after `version`, one line per field, for the message of a stale verb."""
    events = [event for _place, event in visible_events(record, person)]
    shown = [event for event in events if event.version <= version]
    if not shown:
        return []
    return _lines(_changes(type(record), shown[-1], events[-1], person))


def _lines(changes: Iterable[Change]) -> list[str]:
    return [
        _("%(field)s: was “%(before)s”, is “%(after)s”")
        % {"field": change.label, "before": change.before or "–", "after": change.after or "–"}
        for change in changes
    ]
