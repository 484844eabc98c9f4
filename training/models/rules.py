"""What the mission sets for its training."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from cimic_portal.core.sharing.records import OneRow


@pghistory.track()
class TrainingRules(OneRow):
    """The one row of rules: which office is the training centre, and from where certificates are issued.

    Personal data: none. Retention: kept.
    """

    centre = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("training centre"),
        help_text=_("Reads the training records of everybody in its organisation."),
    )

    class Meta(OneRow.Meta):
        verbose_name = _("training rules")
        verbose_name_plural = _("training rules")

    def __str__(self) -> str:
        return str(self.centre or _("No training centre"))
