"""Lessons that nobody writes by hand: from findings of reviews; and reminders of actions on lessons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cimic_portal.core.models import Position
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from operations.models import Finding, Operation
from training.models import ExerciseFinding, Lesson, LessonSource, LessonState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WHY = "one lesson for each finding"
_LONGEST_TITLE = 160
REMINDED_BEFORE = timedelta(days=7)
# How long after its day an overdue action may still be found by the reminders, after an outage.
LOOK_BACK = timedelta(days=14)


def lesson_from_finding(finding: Finding, *, actor: Person) -> None:
    """A finding of a finished review becomes a lesson identified, for those who read the operation.

    Inside the verb that finishes the review. Once for each finding.
    """
    if not LessonSource.objects.unscoped(WHY).filter(finding=finding.pk).exists():
        _keep(lesson_of(finding), finding.author, actor, operation=finding.operation, finding=finding.pk)


def lesson_from_exercise(finding: ExerciseFinding, *, actor: Person) -> Lesson | None:
    """A finding of an exercise becomes one alike, for those who read the exercise; None where it is one.

    Inside the verb that makes it. Once for each finding.
    """
    if LessonSource.objects.unscoped(WHY).filter(exercise_finding=finding.pk).exists():
        return None
    lesson = lesson_of(finding)
    _keep(lesson, finding.author, actor, exercise=finding.exercise, exercise_finding=finding.pk)
    return lesson


def _keep(lesson: Lesson, author: Person, actor: Person, **source: Any) -> None:
    lesson.save()
    LessonSource.objects.create(lesson=lesson, **source)
    notify(lesson, "lesson.identified", people=[author], actor=actor)


def findings_without_lesson() -> list[Finding]:
    """Those of finished reviews that were announced to nobody, such as what was entered in one go."""
    kept = LessonSource.objects.unscoped(WHY).filter(finding__isnull=False).values("finding")
    rows = Finding.objects.unscoped(WHY).standing().filter(operation__review__finished_at__isnull=False)
    return list(rows.exclude(pk__in=kept).select_related("operation").order_by("pk"))


def lesson_of(finding: Finding | ExerciseFinding) -> Lesson:
    """The lesson that a finding becomes, not saved yet: level and readers are those of what it comes from."""
    whole = finding.operation if isinstance(finding, Finding) else finding.exercise
    return Lesson(
        title=_title(finding.observation),
        observation=finding.observation,
        insight=finding.insight,
        recommendation=finding.recommendation,
        theme=None if isinstance(whole, Operation) else whole.theme,
        kind=whole.kind,
        area=whole.area,
        state=LessonState.IDENTIFIED,
        owner=finding.owner,
        owner_office=whole.owner_office,
        author=finding.author,
        classification=whole.classification,
        audience_components=whole.audience_components,
        audience_organisations=whole.audience_organisations,
        published_at=timezone.now(),
    )


def _title(observation: str) -> str:
    """The first sentence of what was seen, or as much of it as a title holds."""
    first = observation.strip().splitlines()[0].split(". ")[0].rstrip(".")
    return first if len(first) <= _LONGEST_TITLE else f"{first[: _LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def remind_of_lessons(today: date | None = None) -> int:
    """Remind of actions that fall due within a week or are overdue, each once; overdue ones to the head too.

    Returns how many lessons that is.
    """
    day = today or timezone.localdate()
    open_ones = Lesson.objects.unscoped("reminders go to the positions named").filter(
        state=LessonState.ACTION
    )
    near = open_ones.filter(due_on__gte=day, due_on__lte=day + REMINDED_BEFORE)
    late = open_ones.filter(due_on__lt=day, due_on__gte=day - LOOK_BACK)
    count = 0
    with verb("lesson.remind", actor=None):
        for kind, rows in (("lesson.due", near), ("lesson.overdue", late)):
            for lesson in rows.select_related("owner__office"):
                assert lesson.owner is not None  # What is in action has one.
                told = [lesson.owner]
                if kind == "lesson.overdue":
                    told += Position.objects.heads_of([lesson.owner.office_id])
                notify(lesson, kind, positions=told, actor=None, key=f"{kind}:{lesson.pk}:{lesson.due_on}")
                count += 1
    return count
