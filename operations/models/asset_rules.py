"""What the mission sets for its assets."""

from __future__ import annotations

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import OneRow


@pghistory.track()
class AssetRules(OneRow):
    """The one row of rules: how much use is too much or too little, and how soon requests are answered.

    Shares are percent of the hours in which an asset could be used. Personal data: none. Retention: kept.
    """

    over_used = models.PositiveSmallIntegerField(
        _("over-used above, in percent"),
        default=85,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Of the hours in which an asset could be used."),
    )
    under_used = models.PositiveSmallIntegerField(
        _("under-used below, in percent"), default=15, validators=[MaxValueValidator(99)]
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("hours within which a request is answered"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_(
            "Counts for new requests; after it the request goes up the chain, and is never approved by time."
        ),
    )

    class Meta(OneRow.Meta):
        verbose_name = _("rules of assets")
        verbose_name_plural = _("rules of assets")
        constraints = [
            *OneRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(under_used__lt=F("over_used")),
                name="assetrules_under_below_over",
                violation_error_message=_("Under-used must be less than over-used."),
            ),
            models.CheckConstraint(condition=Q(answer_hours__gte=1), name="assetrules_answer_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.under_used}–{self.over_used} %"
