"""Which components take part in the exercises."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cimic_portal.core.sharing.levels import Component
from training.figures.figure import Bar, Figure, Reckoned
from training.models import Exercise, ExerciseRole, ExerciseState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

BACK = timedelta(days=365)
# An exercise is joint from so many components on.
JOINT = 2
HELD = (ExerciseState.ENDED, ExerciseState.EVALUATED, ExerciseState.CLOSED)


def coverage(person: Person, today: date) -> Reckoned:
    rows = list(
        Exercise.objects.visible_to(person)
        .filter(state__in=HELD, ends_at__date__gt=today - BACK)
        .only("pk", "reference", "classification", "state")
        .order_by()
    )
    playing: dict[int, set[int]] = defaultdict(set)
    roles = ExerciseRole.objects.visible_to(person).filter(exercise__in=rows, side="player")
    for exercise, component in roles.values_list("exercise_id", "component"):
        playing[exercise].add(component)
    joint = [found for found in playing.values() if len(found) >= JOINT]
    bars = [_bar(component, joint) for component in Component]
    answer = ""
    if rows:
        words = ngettext(
            "%(joint)d of %(every)d exercise was joint: two components or more played in it.",
            "%(joint)d of %(every)d exercises were joint: two components or more played in them.",
            len(rows),
        )
        answer = words % {"joint": len(joint), "every": len(rows)}
    return Reckoned(
        answer=answer,
        period=_("The last twelve months"),
        bars=bars if rows else [],
        url=reverse("exercises"),
        label=_("Exercises"),
        records=rows,
    )


def _bar(component: Component, joint: list[set[int]]) -> Bar:
    count = sum(component in found for found in joint)
    words = _("%(count)d of %(joint)d") % {"count": count, "joint": len(joint)}
    return Bar(str(component.label), 100 * count // (len(joint) or 1), words, count, len(joint))


JOINT_EXERCISES = Figure(
    "exercises",
    gettext_lazy("Do all components exercise together?"),
    gettext_lazy(
        "Of the joint exercises that ended in the last twelve months, those in which a component played. "
        "Counted are exercises that you may read."
    ),
    coverage,
)
