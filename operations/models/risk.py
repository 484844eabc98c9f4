"""Risks of an operation, and what they mean for civilians."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Position
from operations.models.revision import PlanRow

LEVELS = range(1, 6)


class RiskLevel(models.TextChoices):
    """From likelihood × impact: 1–4, 5–9, 10–14, 15–25."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    VERY_HIGH = "very_high", _("Very high")


def risk_level(likelihood: int, impact: int) -> RiskLevel:
    """The level of a cell of the matrix; both from 1 to 5."""
    product = likelihood * impact
    if product >= 15:  # noqa: PLR2004 - the steps of RiskLevel
        return RiskLevel.VERY_HIGH
    if product >= 10:  # noqa: PLR2004
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if product >= 5 else RiskLevel.LOW  # noqa: PLR2004


@pghistory.track()
class Risk(PlanRow):
    """What may go wrong: likelihood × impact from 1 to 5, mitigation, owner, and what remains.

    `civilians`: its effect on civilians; at least one risk and this effect stand before approval.
    Personal data: none. Retention: with the operation.
    """

    text = models.CharField(_("risk"), max_length=300)
    civilians = models.TextField(_("effect on civilians"), blank=True, max_length=2000)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), default=3)
    impact = models.PositiveSmallIntegerField(_("impact"), default=3)
    mitigation = models.TextField(_("mitigation"), blank=True, max_length=2000)
    owner = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    residual_likelihood = models.PositiveSmallIntegerField(_("remaining likelihood"), null=True, blank=True)
    residual_impact = models.PositiveSmallIntegerField(_("remaining impact"), null=True, blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        constraints = [
            *PlanRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="risk_on_the_matrix"
            ),
            models.CheckConstraint(
                condition=Q(residual_likelihood__isnull=True, residual_impact__isnull=True)
                | Q(residual_likelihood__range=(1, 5), residual_impact__range=(1, 5)),
                name="risk_residual_on_the_matrix",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def level(self) -> RiskLevel:
        return risk_level(self.likelihood, self.impact)

    @property
    def residual_level(self) -> RiskLevel | None:
        if self.residual_likelihood is None or self.residual_impact is None:
            return None
        return risk_level(self.residual_likelihood, self.residual_impact)
