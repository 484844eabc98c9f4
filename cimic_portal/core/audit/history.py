"""Reading the trail of one record: under the rule of today and under that of each row's own day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from cimic_portal.core.audit.snapshots import visible_events
from cimic_portal.core.sharing.querysets import ScopedQuerySet
from cimic_portal.core.templatetags.moments import moment_text

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import Part, Reference, SharedRecord

# Kept by the portal itself; a change of these tells a reader nothing.
_SILENT = {"id", "reference", "version", "created_at", "updated_at", "reader_keys", "published_at"}


@dataclass(frozen=True)
class Change:
    """One field: its label, what was, what is. Values are text; moments in the mission's zone."""

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
    # Of the last event of the verb; and from where it was done, as far as that is known.
    number: int = 0
    address: str = ""
    surface: str = ""


class _Names:
    """What the other ends of changed links are called, as far as the reader may see them.

    One query for each model that is pointed at, however long the history.
    """

    def __init__(self, model: type[models.Model], events: Iterable[Any], person: Person) -> None:
        wanted: dict[Any, set[int]] = defaultdict(set)
        seen = list(events)
        for field in _told_fields(model):
            if isinstance(field, models.ForeignKey):
                ends = {getattr(event, field.attname, None) for event in seen}
                if len(ends) > 1:
                    wanted[field.related_model].update(end for end in ends if end is not None)
        self._names = {end: _names_of(end, keys, person) for end, keys in wanted.items()}

    def shown(self, field: models.Field[Any, Any], value: Any) -> str:
        if value in (None, "", []):
            return ""
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, models.ForeignKey):
            return self._names[field.related_model].get(value, "")
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        return str(value)


def _names_of(model: Any, keys: set[int], person: Person) -> dict[int, str]:
    rows = model._default_manager.all()
    rows = rows.visible_to(person) if isinstance(rows, ScopedQuerySet) else rows
    joins = getattr(model, "name_joins", ())
    found = rows.select_related(*joins) if joins else rows
    return {row.pk: str(row) for row in found.filter(pk__in=keys)}


def _told_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.name not in _SILENT]


def _changes(model: type[models.Model], before: Any, after: Any, names: _Names) -> Iterator[Change]:
    for field in _told_fields(model):
        # Some columns (a password) are kept out of the trail.
        if not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old == new:
            continue
        was, now = names.shown(field, old), names.shown(field, new)
        # Alike when both point at records that the reader may not see.
        if was != now:
            yield Change(str(field.verbose_name), was, now)


def history_of(record: SharedRecord, person: Person) -> list[Entry]:
    """What was done to the record, newest first, in this person's view."""
    return _entries(type(record), visible_events(record, person), person)


def history_of_reference(record: Reference, person: Person) -> list[Entry]:
    """What was done to a row of reference data, newest first: whoever reads it reads its history."""
    events = record.events.order_by("pgh_id")  # type: ignore[attr-defined]
    return _entries(type(record), enumerate(events), person)


def histories_of(
    model: type[models.Model], seen: Mapping[int, Iterable[tuple[int, Any]]], person: Person
) -> dict[int, list[Entry]]:
    """The same for several rows of one model, by id; `seen`: of each the events that the person may see."""
    trails = {pk: list(steps) for pk, steps in seen.items()}
    names = _Names(model, (event for steps in trails.values() for _place, event in steps), person)
    return {pk: _told(model, steps, names) for pk, steps in trails.items()}


def _entries(model: type[models.Model], seen: Iterable[tuple[int, Any]], person: Person) -> list[Entry]:
    """`seen`: the events that the person may see, each with its place among all of the record's."""
    return histories_of(model, {0: seen}, person)[0]


def _told(model: type[models.Model], seen: list[tuple[int, Any]], names: _Names) -> list[Entry]:
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
                changes=() if previous is None or gap else tuple(_changes(model, previous, last, names)),
                after_gap=gap,
                number=last.pgh_id,
                address=context.get("address", ""),
                surface=context.get("surface", ""),
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
    model, ends = type(record), (shown[-1], events[-1])
    return _lines(_changes(model, *ends, _Names(model, ends, person)))


def part_changes_since(part: Part, version: int, person: Person) -> list[str]:
    """The same for a part with versions of its own, which the person sees."""
    trail = part.events.unscoped("the person sees the part")  # type: ignore[attr-defined]
    events = list(trail.order_by("pgh_id"))
    shown = [event for event in events if event.version <= version]
    if not shown:
        return []
    model, ends = type(part), (shown[-1], events[-1])
    return _lines(_changes(model, *ends, _Names(model, ends, person)))


def _lines(changes: Iterable[Change]) -> list[str]:
    return [
        _("%(field)s: was “%(before)s”, is “%(after)s”")
        % {"field": change.label, "before": change.before or "–", "after": change.after or "–"}
        for change in changes
    ]
