"""The whole of one revision as a reader may see it: sections, rows, and who writes what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from operations.models import (
    CourseCriterion,
    CourseOfAction,
    CourseScore,
    DecisionPoint,
    Objective,
    Operation,
    PlanRevision,
    PlanSection,
    PlanWriter,
    RevisionState,
    Risk,
)
from operations.models.course import comparison_version

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


# Digits of a number of a revision.
_LONGEST_NUMBER = 4


def _revisions(person: Person, operation: Operation) -> Any:
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation)
    return rows.select_related("operation__owner_office", "author", "decided_by")


def find_revision(person: Person, operation: Operation, number: str = "") -> PlanRevision | None:
    """The revision asked for; without a number the one that counts now. None: there is none to read.

    What counts is the order in force; before approval the newest that this person reads.
    """
    rows = _revisions(person, operation)
    if number:
        fits = number.isdecimal() and len(number) <= _LONGEST_NUMBER
        return rows.filter(number=int(number)).first() if fits else None
    return rows.in_force().first() or rows.order_by("-number").first()  # type: ignore[no-any-return]


def find_revision_to_write(person: Person, operation: Operation) -> PlanRevision | None:
    """The one that is being written; where there is none, the one that counts, which refuses changes."""
    draft = _revisions(person, operation).filter(state=RevisionState.DRAFT).first()
    return draft or find_revision(person, operation)


def _rows(model: Any, person: Person, revision: PlanRevision, *joins: str) -> list[Any]:
    rows = model.objects.visible_to(person).filter(revision=revision)
    return list(rows.select_related(*joins) if joins else rows)


def sections_of(person: Person, revision: PlanRevision) -> list[PlanSection]:
    """The five sections in their order."""
    return _rows(PlanSection, person, revision, "changed_by")


def writers_of(person: Person, revision: PlanRevision) -> Mapping[str, PlanWriter]:
    """The position asked to write each section, where one is asked."""
    rows = PlanWriter.objects.visible_to(person).filter(operation=revision.operation_id)
    return {row.section: row for row in rows.select_related("position__office")}


def objectives_of(person: Person, revision: PlanRevision) -> list[Objective]:
    return _rows(Objective, person, revision, "mandate_task")


def risks_of(person: Person, revision: PlanRevision) -> list[Risk]:
    return _rows(Risk, person, revision, "owner__office")


def decisions_of(person: Person, revision: PlanRevision) -> list[DecisionPoint]:
    rows: list[DecisionPoint] = _rows(DecisionPoint, person, revision, "decider__office")
    for row in rows:
        row.revision = revision
    return rows


@dataclass(frozen=True)
class ComparedCourse:
    """One line of the comparison. `total`: scores × weights; `complete`: every criterion is scored."""

    course: CourseOfAction
    scores: Sequence[int | None]
    total: int
    complete: bool
    best: bool = False


@dataclass(frozen=True)
class Comparison:
    """Courses against criteria. `highest`: the most that a course can reach; `version`: as it was read."""

    courses: Sequence[ComparedCourse] = ()
    criteria: Sequence[CourseCriterion] = ()
    highest: int = 0
    version: str = field(default="")


def comparison_of(person: Person, revision: PlanRevision) -> Comparison:
    """The comparison with its weighted totals; the highest complete total is the best, also when shared."""
    courses: list[CourseOfAction] = _rows(CourseOfAction, person, revision)
    criteria: list[CourseCriterion] = _rows(CourseCriterion, person, revision)
    rows = CourseScore.objects.visible_to(person).filter(course__in=[course.pk for course in courses])
    scores = {(row.course_id, row.criterion_id): row.score for row in rows}
    lines = []
    for course in courses:
        own = [scores.get((course.pk, criterion.pk)) for criterion in criteria]
        total = sum((score or 0) * one.weight for score, one in zip(own, criteria, strict=True))
        lines.append((course, own, total, bool(criteria) and None not in own))
    totals = [total for _course, _own, total, complete in lines if complete]
    best = max(totals) if len(totals) > 1 else None
    return Comparison(
        courses=[ComparedCourse(*line, best=line[3] and line[2] == best) for line in lines],
        criteria=criteria,
        highest=sum(5 * criterion.weight for criterion in criteria),
        version=comparison_version(courses, criteria),
    )
