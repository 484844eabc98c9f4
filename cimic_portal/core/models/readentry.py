"""Reads of confidential records, as part of the trail."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Personal


class ReadEntry(Personal):
    """One response that showed records above unclassified: who, by which surface, which records.

    `records` lists `model:reference`. The run-time role can only add and read.
    Personal data: who read what. Retention: as the audit trail.
    """

    owned_by = ""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    surface = models.CharField(_("surface"), max_length=80)
    request = models.CharField(_("request"), max_length=40, blank=True)
    records = models.JSONField(_("records"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("read entry")
        verbose_name_plural = _("read entries")
        indexes = [models.Index(fields=["person", "-id"], name="readentry_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.surface}"
