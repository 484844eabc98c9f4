"""The glass that an administrator breaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import REFERENCE_LENGTH, Personal

LONGEST: Final = timedelta(minutes=30)


@pghistory.track()
class BrokenGlass(Personal):
    """One record, opened to one administrator past the sharing rule, for half an hour at most.

    `record_model` is the model's label, `record_id` its id. Ended earlier, `until` moves forward.
    Personal data: who looked past the rule, when and why. Retention: as the audit trail.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    record_model = models.CharField(_("record type"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    reference = models.CharField(_("reference"), max_length=REFERENCE_LENGTH)
    reason = models.CharField(_("reason"), max_length=200)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("broken glass")
        verbose_name_plural = _("broken glasses")
        indexes = [models.Index(fields=["person", "reference", "until"], name="brokenglass_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")) & Q(until__lte=F("since") + LONGEST),
                name="brokenglass_half_an_hour",
            )
        ]

    def __str__(self) -> str:
        return self.reference
