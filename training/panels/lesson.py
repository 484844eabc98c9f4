"""Lessons beside the things of lower apps: those like the operation that is planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import Area
from cimic_portal.core.panels import Panel
from operations.models import Operation
from training.models import Lesson, LessonSource
from training.policies.lesson import can_record
from training.querysets.lesson import words_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST = 5


def lessons_like(operation: Operation, person: Person) -> Mapping[str, Any] | None:
    """Lessons that may help to plan this one, each with why it is offered; nothing where there is none.

    Alike are the type of operation, the area with what lies in it and above it, and the words of the title,
    but for the name of the area, which would count twice. Its own lessons stand on its review.
    """
    areas = _around(operation.area) if operation.area else []
    words = words_of(operation.title) - words_of(operation.area.name if operation.area else "")
    own = LessonSource.objects.visible_to(person).filter(operation=operation).values("lesson_id")
    rows = list(
        Lesson.objects.visible_to(person)
        .standing()
        .exclude(pk__in=own)
        .like(kind=operation.kind_id, areas=areas, words=words)
        .select_related("kind", "area", "theme")[:MOST]
    )
    if not rows:
        return None
    for lesson in rows:
        lesson.why = _why(lesson, operation, areas, words)  # type: ignore[attr-defined]
    url = f"{reverse('lessons')}?kind={operation.kind_id}"
    return {"rows": rows, "url": url, "level": max(row.classification for row in rows)}


def _around(area: Area) -> list[int]:
    """The area, what lies in it and in what it lies, by their ids."""
    near = Area.objects.within(area).order_by().values_list("pk", flat=True)
    return list(near.union(Area.objects.above(area).order_by().values_list("pk", flat=True)))


def _why(lesson: Lesson, operation: Operation, areas: list[int], words: set[str]) -> str:
    """Why a lesson is offered, in words."""
    reasons = []
    if lesson.kind_id == operation.kind_id:
        reasons.append(_("Same type: %(kind)s") % {"kind": lesson.kind})
    if lesson.area is not None and lesson.area_id in areas:
        reasons.append(_where(lesson.area, operation.area) % {"area": lesson.area})
    shared = sorted(words & words_of(f"{lesson.title} {lesson.observation} {lesson.recommendation}"))
    if shared:
        told = ", ".join(f"“{word}”" for word in shared[:4])
        reasons.append(_("Same words: %(words)s") % {"words": told})
    return " · ".join(reasons)


def _where(area: Area, planned: Area | None) -> str:
    """How the area of a lesson lies to the one that is planned for."""
    if planned is None or area == planned:
        return _("Same area: %(area)s")
    return _("Wider area: %(area)s") if area.level < planned.level else _("In its area: %(area)s")


def lessons_from(operation: Operation, person: Person) -> Mapping[str, Any]:
    """Lessons that came from the operation, and the way to write another."""
    named = LessonSource.objects.visible_to(person).filter(operation=operation).values("lesson_id")
    rows = list(Lesson.objects.visible_to(person).filter(pk__in=named).order_by("-created_at", "-pk"))
    url = f"{reverse('lesson_record')}?operation={operation.reference}" if can_record(person) else ""
    return {"rows": rows, "write_url": url, "level": max((row.classification for row in rows), default=1)}


PANELS = [
    Panel(
        "operation",
        gettext_lazy("Lessons of others"),
        "training/panels/lessons.html",
        lessons_like,
        order=10,
    ),
    Panel(
        "operation_review",
        gettext_lazy("Lessons from it"),
        "training/panels/lessons_from.html",
        lessons_from,
        order=10,
    ),
]
