"""Exercises beside a training record: in which somebody took part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from cimic_portal.core.panels import Panel
from training.models import ExerciseEntry, TrainingRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def exercises_of(record: TrainingRecord, person: Person) -> Mapping[str, Any] | None:
    """Those that the reader may see; nothing where there is none."""
    entries = ExerciseEntry.objects.visible_to(person).filter(record=record)
    rows = list(entries.select_related("exercise"))
    if not rows:
        return None
    return {"rows": rows, "level": max(row.exercise.classification for row in rows)}


PANELS = [
    Panel(
        "training_record",
        gettext_lazy("Exercises"),
        "training/panels/exercises.html",
        exercises_of,
        order=50,
    ),
]
