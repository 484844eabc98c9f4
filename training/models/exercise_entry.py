"""That somebody took part in an exercise, in their training record."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Part
from training.models.exercise import Exercise
from training.models.exercise_parts import Side
from training.models.record import TrainingRecord


@pghistory.track()
class ExerciseEntry(Part):
    """Taking part in an exercise: as what, in which team, from when to when (days of the mission).

    Written when the exercise has ended, in the words of that day. Shown to whoever reads both the training
    record and the exercise. Personal data: that a person took part. Retention: with the training record.
    """

    part_of = "record"
    also_of = ("exercise",)

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="exercises")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=120)
    side = models.CharField(_("side"), max_length=8, choices=Side)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component)
    team = models.CharField(_("team"), max_length=80, blank=True)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))

    class Meta:
        ordering = ["-last_on", "-pk"]
        verbose_name = _("exercise in a training record")
        verbose_name_plural = _("exercises in training records")
        constraints = [
            models.UniqueConstraint(fields=["record", "exercise", "role", "team"], name="exerciseentry_once"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="exerciseentry_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise_id}: {self.role}"

    @property
    def classification(self) -> int:
        """That of the exercise, which is no lower than the record's."""
        return self.exercise.classification
