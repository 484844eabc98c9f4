"""What the mission sets for its training."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from cimic_portal.core.sharing.records import Reference


@pghistory.track()
class TrainingRules(Reference):
    """The one row of rules: which office is the training centre, and from where certificates are issued.

    Personal data: none. Retention: kept.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    centre = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("training centre"),
        help_text=_("Reads the training records of everybody in its organisation."),
    )

    class Meta:
        verbose_name = _("training rules")
        verbose_name_plural = _("training rules")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="trainingrules_one_row")]

    def __str__(self) -> str:
        return str(self.centre or _("No training centre"))

    @classmethod
    def in_force(cls) -> TrainingRules:
        """The row, or what the portal ships with where it is missing."""
        return cls._default_manager.first() or cls()
