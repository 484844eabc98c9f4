"""The after-action review of an operation and its findings."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.querysets.operation import FindingQuerySet


@pghistory.track()
class Review(Part):
    """What was expected, what happened, why, and what comes next: one per operation.

    Finished once; from then on its findings are lessons with owners. Personal data: who wrote and
    finished it. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.OneToOneField(Operation, on_delete=models.CASCADE, related_name="review")
    expected = models.TextField(_("what was expected"), blank=True, max_length=8000)
    happened = models.TextField(_("what happened"), blank=True, max_length=8000)
    why = models.TextField(_("why"), blank=True, max_length=8000)
    next_steps = models.TextField(_("what comes next"), blank=True, max_length=8000)
    changed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    finished_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finished by"),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    class Meta:
        verbose_name = _("after-action review")
        verbose_name_plural = _("after-action reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="review_finished_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(_("After-action review"))


@pghistory.track()
class Finding(Part):
    """What was seen, what it means, and what should be done by whom. It becomes a lesson.

    Entered by anybody who takes part; withdrawn with a reason, never deleted. `owner`: the position
    that follows it up; needed when the review is finished. Personal data: who entered it. Retention:
    with the operation.
    """

    part_of = "operation"

    objects = FindingQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="findings")
    observation = models.TextField(_("what was seen"), max_length=4000)
    insight = models.TextField(_("what it means"), blank=True, max_length=4000)
    recommendation = models.TextField(_("what should be done"), max_length=4000)
    owner = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who follows it up"),
    )
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    withdrawn_reason = models.CharField(_("withdrawn, because"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return self.observation[:120]
