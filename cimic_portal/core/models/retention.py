"""What was decided about data whose time has run out, and what was done."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cimic_portal.core.sharing.records import OneRow, Personal


@pghistory.track()
class RetentionRules(OneRow):
    """For how long personal data is kept, and whether somebody looks before it is forgotten.

    The procedure of the database reads the same row. Personal data: none. Retention: kept.
    """

    months = models.PositiveSmallIntegerField(
        _("months for which personal data is kept"),
        default=24,
        validators=[MinValueValidator(6), MaxValueValidator(240)],
        help_text=_("After the last engagement with a contact, or after somebody left."),
    )
    is_reviewed = models.BooleanField(
        _("an administrator decides about each row"),
        default=True,
        help_text=_("Otherwise what falls due is anonymised by itself, every night."),
    )

    class Meta(OneRow.Meta):
        verbose_name = _("rules of retention")
        verbose_name_plural = _("rules of retention")
        constraints = [
            *OneRow.Meta.constraints,
            models.CheckConstraint(condition=Q(months__range=(6, 240)), name="retentionrules_months"),
        ]

    def __str__(self) -> str:
        return ngettext("%(count)d month", "%(count)d months", self.months) % {"count": self.months}


class RetentionDecision(Personal):
    """Somebody looked at a row whose time has run out: it is anonymised, or kept for longer.

    `kind` is a declared kind, `row_id` the id of its row; the latest decision about a row counts. Rows
    are only added: the run-time role can neither change nor delete one. `decided_by` is empty where the
    mission lets it happen without a review.
    Personal data: who decided. Retention: kept, it accounts for what was done.
    """

    owned_by = ""

    kind = models.CharField(_("kind"), max_length=40)
    row_id = models.BigIntegerField(_("row"))
    keep_until = models.DateField(
        _("keep until"), null=True, blank=True, help_text=_("Empty: it is anonymised.")
    )
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("retention decision")
        verbose_name_plural = _("retention decisions")
        indexes = [
            # The latest about a row.
            models.Index(fields=["kind", "row_id", "-id"], name="retentiondecision_of_row"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="retentiondecision_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class Forgotten(Personal):
    """One row was anonymised: which, when, on whose decision, how much. Never what stood there.

    Written by the database procedure alone, in the transaction of the change.
    Personal data: none. Retention: kept, it accounts for what was done.
    """

    owned_by = ""

    kind = models.CharField(_("kind"), max_length=40)
    row_id = models.BigIntegerField(_("row"))
    last_at = models.DateTimeField(_("time ran from"))
    at = models.DateTimeField(_("anonymised"))
    decision = models.ForeignKey(
        RetentionDecision, on_delete=models.PROTECT, related_name="+", verbose_name=_("decision")
    )
    changed_rows = models.PositiveIntegerField(_("rows changed or removed"))
    changed_fields = ArrayField(models.CharField(max_length=130), verbose_name=_("fields"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("anonymised row")
        verbose_name_plural = _("anonymised rows")
        constraints = [
            models.UniqueConstraint(fields=["kind", "row_id"], name="forgotten_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
