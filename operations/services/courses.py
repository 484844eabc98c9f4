"""Courses of action: compared as a whole, and one chosen with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.services.verbs import lock_part, need_reason, save_changed_part
from operations.models import CourseCriterion, CourseOfAction, CourseScore
from operations.models.course import comparison_version
from operations.services.plan import plan_verb
from operations.services.plan_rows import WHY

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import PlanRevision
    from operations.services.plan_inputs import ComparisonInput

MOST_COURSES = 8
MOST_CRITERIA = 15
_HIGHEST_WEIGHT, _HIGHEST_SCORE = 10, 5


def compare_courses(
    revision: PlanRevision, data: ComparisonInput, *, actor: Person, version: str
) -> PlanRevision:
    """Write courses, criteria, weights and scores as they were entered; rows left out are removed.

    `version` is that of the comparison that was shown. A course whose scores change has a new version.
    Raises RefusedError, StaleError, InvalidError.
    """
    problems = _problems(data)
    if problems:
        raise InvalidError(problems)
    with plan_verb("plan.compare_courses", revision, actor=actor) as current:
        courses, criteria = rows_of(CourseOfAction, current), rows_of(CourseCriterion, current)
        if comparison_version(courses, criteria) != version:
            raise StaleError([_("Somebody has changed the courses of action, the criteria or the scores.")])
        written_criteria = _write(CourseCriterion, current, data.criteria, criteria, ("name", "weight"))
        written = _write(CourseOfAction, current, data.courses, courses, ("name", "description"))
        _write_scores(data, written, written_criteria)
        return current


def rows_of(model: Any, revision: PlanRevision) -> list[Any]:
    return list(model.objects.unscoped(WHY).filter(revision=revision).order_by("order", "pk"))


def _problems(data: ComparisonInput) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if len(data.courses) > MOST_COURSES:
        found["courses"] = [_("Compare at most %d courses.") % MOST_COURSES]
    if len(data.criteria) > MOST_CRITERIA:
        found["criteria"] = [_("Compare by at most %d criteria.") % MOST_CRITERIA]
    named: dict[str, Sequence[Any]] = {"courses": data.courses, "criteria": data.criteria}
    for name, rows in named.items():
        seen: set[str] = set()
        for place, row in enumerate(rows):
            word = row.name.strip().casefold()
            if not word:
                found[f"{name}.{place}.name"] = [_("Give it a name.")]
            elif word in seen:
                found[f"{name}.{place}.name"] = [_("This name stands there already.")]
            seen.add(word)
    for place, criterion in enumerate(data.criteria):
        if not 1 <= criterion.weight <= _HIGHEST_WEIGHT:
            found[f"criteria.{place}.weight"] = [_("Weights go from 1 to 10.")]
    if any(not 1 <= score <= _HIGHEST_SCORE for score in data.scores.values()):
        found["scores"] = [_("Scores go from 1 to 5.")]
    return found


def _write(
    model: Any, revision: PlanRevision, wanted: Sequence[Any], standing: list[Any], names: tuple[str, ...]
) -> list[Any]:
    """The rows in the order in which they were sent; what was not sent is removed."""
    by_key = {str(row.key): row for row in standing}
    kept = {one.key for one in wanted if one.key in by_key}
    for key, row in by_key.items():
        if key not in kept:
            row.delete()
    written = []
    for place, one in enumerate(wanted, start=1):
        row = by_key.pop(one.key, None) or model(revision=revision, version=0)
        values = {name: getattr(one, name) for name in names} | {"order": place * 10}
        if any(getattr(row, name) != value for name, value in values.items()) or row.pk is None:
            for name, value in values.items():
                setattr(row, name, value)
            save_changed_part(row)
        written.append(row)
    return written


def _write_scores(data: ComparisonInput, courses: list[Any], criteria: list[Any]) -> None:
    """Only what differs is written; its course then has a new version."""
    rows = CourseScore.objects.unscoped(WHY).filter(course__in=[course.pk for course in courses])
    standing = {(row.course_id, row.criterion_id): row for row in rows}
    for place, course in enumerate(courses):
        touched = False
        for other, criterion in enumerate(criteria):
            score = data.scores.get((place, other))
            row = standing.get((course.pk, criterion.pk))
            if score == (row.score if row else None):
                continue
            touched = True
            if score is None:
                assert row is not None  # Else they would be alike.
                row.delete()
            else:
                row = row or CourseScore(course=course, criterion=criterion)
                row.score = score
                row.save()
        if touched:
            save_changed_part(course)


def choose_course(course: CourseOfAction, *, actor: Person, version: int, reason: str) -> CourseOfAction:
    """Choose one course, with the reason; the one chosen before is so no more.

    Raises RefusedError, StaleError, InvalidError.
    """
    need_reason(reason, _("Say why this course and not another."))
    with plan_verb("plan.choose_course", course.revision, actor=actor) as current:
        chosen = lock_part(course, actor=actor, version=version)
        before = CourseOfAction.objects.unscoped(WHY).filter(revision=current, is_chosen=True)
        for other in before.exclude(pk=chosen.pk):
            other.is_chosen, other.chosen_reason = False, ""
            save_changed_part(other)
        chosen.is_chosen, chosen.chosen_reason = True, reason.strip()
        save_changed_part(chosen)
        return chosen
