"""What differs between two revisions of a plan: texts by words, rows by their fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from cimic_portal.core.audit.history import Change
from cimic_portal.core.templatetags.moments import moment_text
from cimic_portal.core.texts.difference import Row, difference
from operations.models import (
    CourseCriterion,
    CourseOfAction,
    DecisionPoint,
    Objective,
    OperationTask,
    ParticipationRole,
    Phase,
    PlanRevision,
    PlanSection,
    RevisionState,
    Risk,
)
from operations.schedule.reading import participants_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Each with the links whose names are shown.
NOUNS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Objective, ("mandate_task",)),
    (Phase, ()),
    (OperationTask, ("phase", "objective", "office", "organisation", "place")),
    (DecisionPoint, ("decider__office",)),
    (Risk, ("owner__office",)),
    (CourseOfAction, ()),
    (CourseCriterion, ()),
)
_UNTOLD = {"id", "revision", "key", "order", "version"}


@dataclass(frozen=True)
class TextDifference:
    section: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class RowDifference:
    """`what` is added, removed or changed; `changes` are told of changed ones."""

    what: str
    name: str
    changes: Sequence[Change] = ()


@dataclass(frozen=True)
class NounDifference:
    label: str
    rows: Sequence[RowDifference]


@dataclass(frozen=True)
class PlanDifference:
    texts: Sequence[TextDifference]
    nouns: Sequence[NounDifference]

    def __bool__(self) -> bool:
        return bool(self.texts or self.nouns)


def plan_difference(person: Person, before: PlanRevision, after: PlanRevision) -> PlanDifference:
    """Both revisions are ones that the person sees; equal parts are left out."""
    return PlanDifference(
        list(_texts(person, before, after)),
        [*frame_difference(person, before, after), *_nouns(person, before, after)],
    )


def frame_difference(person: Person, before: PlanRevision, after: PlanRevision) -> list[NounDifference]:
    """Period and participants. What was frozen is told as it was, what is being written as it stands."""
    found = []
    moments = [_frozen_period(one) for one in (before, after)]
    if all(moments):
        labels = (_("start"), _("end"))
        pairs = zip(labels, *(moment or () for moment in moments), strict=False)
        changes = [
            Change(label, moment_text(was), moment_text(now)) for label, was, now in pairs if was != now
        ]
        if changes:
            row = RowDifference("changed", str(_("The period of the operation")), changes)
            found.append(NounDifference(str(_("Period")), [row]))
    old, new = _parties(person, before), _parties(person, after)
    rows = [RowDifference("removed", who) for who in old if who not in new]
    for who, facts in new.items():
        told = [
            Change(label, old.get(who, {}).get(label, ""), value)
            for label, value in facts.items()
            if old.get(who, {}).get(label, "") != value
        ]
        if who not in old or told:
            rows.append(RowDifference("changed" if who in old else "added", who, told))
    if rows:
        found.append(NounDifference(str(_("Participants")), rows))
    return found


def _frozen_period(revision: PlanRevision) -> tuple[datetime, datetime] | None:
    """None where it was frozen before periods were kept."""
    if revision.starts_at is None and not revision.is_writable and revision.state != RevisionState.IN_FORCE:
        return None
    return revision.period


def _parties(person: Person, revision: PlanRevision) -> dict[str, dict[str, str]]:
    """Who takes part, with what is told of each."""
    if revision.participants and not revision.is_writable:
        rows = [
            (one["who"], one["role"], one.get("position", ""), one["note"]) for one in revision.participants
        ]
    else:
        rows = [
            (str(row), row.role, str(row.position or ""), row.note)
            for row in participants_of(revision, person)
        ]
    labels = (str(_("role")), str(_("speaks for it")), str(_("contribution")))
    return {
        who: dict(zip(labels, (str(ParticipationRole(role).label), speaks, note), strict=True))
        for who, role, speaks, note in rows
    }


def _texts(person: Person, before: PlanRevision, after: PlanRevision) -> Iterator[TextDifference]:
    rows = PlanSection.objects.visible_to(person).filter(revision__in=(before.pk, after.pk))
    texts = {(row.revision_id, row.kind): row for row in rows}
    for (revision, kind), section in texts.items():
        if revision != after.pk:
            continue
        old = texts.get((before.pk, kind))
        found = difference(old.text if old else "", section.text)
        if found:
            yield TextDifference(str(section), found)


def _nouns(person: Person, before: PlanRevision, after: PlanRevision) -> Iterator[NounDifference]:
    for model, joins in NOUNS:
        rows = model.objects.visible_to(person).filter(revision__in=(before.pk, after.pk))
        sides: dict[int, dict[Any, Any]] = {before.pk: {}, after.pk: {}}
        for row in rows.select_related(*joins) if joins else rows:
            sides[row.revision_id][row.key] = row
        found = list(_rows(model, sides[before.pk], sides[after.pk]))
        if found:
            yield NounDifference(str(model._meta.verbose_name_plural), found)


def _rows(model: Any, old: dict[Any, Any], new: dict[Any, Any]) -> Iterator[RowDifference]:
    for key, row in new.items():
        if key not in old:
            yield RowDifference("added", str(row), _told(model, None, row))
        elif changes := _told(model, old[key], row):
            yield RowDifference("changed", str(row), changes)
    for key, row in old.items():
        if key not in new:
            yield RowDifference("removed", str(row))


def _told(model: Any, old: Any, new: Any) -> list[Change]:
    changes = []
    for field in model._meta.concrete_fields:
        if field.name in _UNTOLD:
            continue
        was, now = (_words(field, row) if row is not None else "" for row in (old, new))
        if was != now:
            changes.append(Change(str(field.verbose_name), was, now))
    return changes


def _words(field: models.Field[Any, Any], row: Any) -> str:
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(field, models.DateTimeField):
        return moment_text(value)
    return str(value)
