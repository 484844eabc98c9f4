"""Of which steps people were told, so that each is told once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Part
from training.models.course import Course
from training.models.record import TrainingRecord


class Reminder(Part):
    """A person was told that a course falls due or expires on a day, so many days before; -1: it is late.

    Written by the sweep alone. Personal data: with the training record. Retention: with it.
    """

    part_of = "record"

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField(_("day that counts"))
    step = models.SmallIntegerField(_("days before"))
    told_on = models.DateField(_("told"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reminder of a course")
        verbose_name_plural = _("reminders of courses")
        constraints = [
            models.UniqueConstraint(fields=["record", "course", "due_on", "step"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.due_on}"
