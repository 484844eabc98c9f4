"""Courses of action, compared against weighted criteria."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Part
from operations.models.revision import PlanRow


@pghistory.track()
class CourseOfAction(PlanRow):
    """One way in which the operation could be done. At most one is chosen, with the reason.

    Personal data: none. Retention: with the operation.
    """

    name = models.CharField(_("course of action"), max_length=120)
    description = models.TextField(_("description"), blank=True, max_length=4000)
    is_chosen = models.BooleanField(_("chosen"), default=False)
    chosen_reason = models.TextField(_("why it was chosen"), blank=True, max_length=2000)

    class Meta(PlanRow.Meta):
        verbose_name = _("course of action")
        verbose_name_plural = _("courses of action")
        constraints = [
            *PlanRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["revision"], condition=Q(is_chosen=True), name="course_one_chosen"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class CourseCriterion(PlanRow):
    """What courses of action are compared by; `weight` from 1 to 10.

    Personal data: none. Retention: with the operation.
    """

    name = models.CharField(_("criterion"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta(PlanRow.Meta):
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            *PlanRow.Meta.constraints,
            models.CheckConstraint(condition=Q(weight__range=(1, 10)), name="course_criterion_weight"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class CourseScore(Part):
    """How well a course meets a criterion, from 1 to 5.

    Personal data: none. Retention: with the operation.
    """

    part_of = "course"

    course = models.ForeignKey(CourseOfAction, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(CourseCriterion, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))

    class Meta:
        verbose_name = _("score of a course of action")
        verbose_name_plural = _("scores of courses of action")
        constraints = [
            models.UniqueConstraint(fields=["course", "criterion"], name="course_score_once"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="course_score_range"),
        ]

    def __str__(self) -> str:
        return str(self.score)


def comparison_version(courses: Iterable[PlanRow], criteria: Iterable[PlanRow]) -> str:
    """One word for the versions of all rows of the comparison, as it was shown."""
    rows = sorted(f"{row.key}:{row.version}" for row in (*courses, *criteria))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
