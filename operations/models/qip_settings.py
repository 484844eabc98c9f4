"""What the mission sets for its quick impact projects."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Position
from cimic_portal.core.sharing.records import OneRow, Reference


@pghistory.track()
class QipCriterion(Reference):
    """A question that every proposal answers, with evidence.

    Personal data: none. Retention: kept, archived when it is no longer asked.
    """

    name = models.CharField(_("criterion"), max_length=80, unique=True)
    help_text = models.CharField(_("what is asked"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("QIP criterion")
        verbose_name_plural = _("QIP criteria")

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class QipRules(OneRow):
    """The one row of rules: ceiling, currency, quorum, and how far around a project one looks.

    Personal data: none. Retention: kept.
    """

    ceiling = models.DecimalField(
        _("highest budget of one project"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("50000.00"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, such as USD."))],
        help_text=_("Of new proposals; those that are written keep theirs."),
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("So many members must vote, abstentions counted, before anything is decided."),
    )
    nearby_km = models.PositiveSmallIntegerField(
        _("how far around a project others are looked for, in km"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )

    class Meta(OneRow.Meta):
        verbose_name = _("QIP rules")
        verbose_name_plural = _("QIP rules")
        constraints = [
            *OneRow.Meta.constraints,
            models.CheckConstraint(condition=Q(ceiling__gt=0), name="qiprules_ceiling_positive"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="qiprules_quorum_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.ceiling}"


@pghistory.track()
class QipSeat(Reference):
    """A position that sits on the review committee; one of them is its chair.

    A seat that ends is archived. Personal data: none. Retention: kept.
    """

    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )
    is_chair = models.BooleanField(_("chairs the committee"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["-is_chair", "pk"]
        verbose_name = _("seat on the review committee")
        verbose_name_plural = _("seats on the review committee")
        constraints = [
            models.UniqueConstraint(fields=["position"], name="qipseat_position_once"),
            models.UniqueConstraint(
                fields=["is_chair"],
                condition=Q(is_chair=True, is_archived=False),
                name="qipseat_one_chair",
                violation_error_message=_("The committee has a chair already; it has one only."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)
