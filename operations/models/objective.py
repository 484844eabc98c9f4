"""Objectives of an operation."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from operations.models.reference import MandateTask
from operations.models.revision import PlanRow


@pghistory.track()
class Objective(PlanRow):
    """What is to be reached, how it is measured, and which task of the mandate it serves.

    Personal data: none. Retention: with the operation.
    """

    text = models.CharField(_("objective"), max_length=300)
    measure = models.CharField(_("measured by"), max_length=300, blank=True)
    baseline = models.CharField(_("today"), max_length=120, blank=True)
    target = models.CharField(_("target"), max_length=120, blank=True)
    mandate_task = models.ForeignKey(
        MandateTask,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mandate task"),
    )

    class Meta(PlanRow.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [*PlanRow.Meta.constraints]

    def __str__(self) -> str:
        return self.text
