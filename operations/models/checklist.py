"""Checklists of standardised procedures."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.models.reference import Procedure


@pghistory.track()
class ChecklistItem(Part):
    """A step of a procedure, as it read when it was taken into this operation, and whether it is done.

    `done_at`, `done_by`: when and by whom it was settled; with `not_applicable` it was said not to apply.
    `version` counts its changes; each carries the one that was shown.

    Personal data: who ticked it. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="checklist")
    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="+", verbose_name=_("procedure")
    )
    text = models.CharField(_("step"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    not_applicable = models.CharField(_("does not apply, because"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["procedure", "order", "pk"]
        verbose_name = _("step of a checklist")
        verbose_name_plural = _("steps of checklists")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, not_applicable="")
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="checklistitem_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_settled(self) -> bool:
        """Done, or said not to apply."""
        return self.done_at is not None
