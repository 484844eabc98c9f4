"""Attachments: files that people add to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.querysets import AttachmentQuerySet
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import Part

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord


class Attachment(Part):
    """A file of a record: classified like it or narrower, stored by hash, checked by content.

    Each noun has a table of its own, with the link to its record, as for every `Part`. The reader
    must see the record and be cleared for `classification`. The file lies in the data folder under its
    SHA-256, a small one for pages beside it. Struck, not deleted: a struck one is not shown or served.
    Personal data: who added it, and whatever it shows. Retention: with its record.
    """

    sha256 = models.CharField(_("digest"), max_length=64)
    preview_sha256 = models.CharField(_("digest of the small one"), max_length=64)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    caption = models.CharField(_("caption"), max_length=200)
    classification = models.PositiveSmallIntegerField(
        _("classification"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    struck_at = models.DateTimeField(_("struck"), null=True, blank=True)
    struck_reason = models.CharField(_("why it was struck"), max_length=300, blank=True)

    objects = AttachmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(classification__in=Classification.values),
                name="%(class)s_classification_known",
            ),
        ]

    def __str__(self) -> str:
        return self.caption

    def level(self, record: SharedRecord) -> int:
        """The level that counts: its own, never below that of its record."""
        return max(self.classification, record.classification)
