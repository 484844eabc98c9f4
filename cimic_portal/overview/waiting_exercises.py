"""What waits for a person in exercises: messages to answer, and exercises in which they are named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from training.models import Exercise, InjectDelivery

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def exercises_waiting(person: Person) -> Iterator[Waiting]:
    """Messages for a role of the person's, then the exercises that begin or run with them."""
    rows = InjectDelivery.objects.visible_to(person).waiting_for(person)
    for row in rows.select_related("run__exercise", "inject").order_by("at", "pk")[:MOST]:
        exercise = row.run.exercise
        yield Waiting(
            record=exercise,
            title=_("EXERCISE: %(inject)s") % {"inject": row.inject.title},
            url=reverse("exercise_message", args=[exercise.reference, row.run.number, row.pk]),
            sub=_("Message of the exercise “%(exercise)s”") % {"exercise": exercise},
            label=_("Answer"),
            tone="waiting",
            due=row.at,
        )
    named = Exercise.objects.visible_to(person).naming(person)
    for exercise in named.filter(state__in=("scheduled", "running", "paused")).order_by("starts_at", "pk")[
        :MOST
    ]:
        yield Waiting(
            record=exercise,
            title=_("EXERCISE: %(exercise)s") % {"exercise": exercise},
            url=exercise.get_absolute_url(),
            sub=_("You are named in it"),
            label=str(exercise.get_state_display()),
            tone=exercise.state_tone,
            due=exercise.starts_at,
        )
