"""When a person last looked at an operation."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Personal
from operations.models.operation import Operation
from operations.querysets.journal import LookQuerySet

# Looks less far apart than this are one visit: a reload still shows what was new.
VISIT = timedelta(minutes=30)


class OperationLook(Personal):
    """The last visit of a person to an operation, and the end of the one before.

    `before`: what changed since then is new to the person in this visit; empty in the first one.
    Personal data: who looked when. Retention: 12 months after the last look.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField(_("looked"))
    before = models.DateTimeField(_("end of the visit before"), null=True, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at an operation")
        verbose_name_plural = _("looks at operations")
        constraints = [
            models.UniqueConstraint(fields=["person", "operation"], name="operationlook_once"),
        ]
        indexes = [
            # What is old enough to be dropped.
            models.Index(fields=["looked_at"], name="operationlook_old"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.looked_at:%Y-%m-%d %H:%M}"
