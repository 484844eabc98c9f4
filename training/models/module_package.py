"""SCORM packages: what another author wrote, and what of it was kept."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Part


@pghistory.track(exclude=["files"])
class ModulePackage(Part):
    """A SCORM 1.2 package, unpacked and checked: each file lies under its digest.

    `files`: path within the package → {sha256, type, size}. `items`: what is opened, in the order of
    its manifest: {id, title, href, launch_data, mastery, prerequisites}. Belongs to the draft to which
    it was uploaded; the edition made of that draft opens it to everybody who learns.
    Personal data: who uploaded it. Retention: with the editions that use it.
    """

    part_of = "draft"

    draft = models.ForeignKey(
        "training.ModuleDraft", on_delete=models.CASCADE, related_name="packages", verbose_name=_("draft")
    )
    title = models.CharField(_("title in the package"), max_length=200)
    sha256 = models.CharField(_("digest of the file"), max_length=64)
    packed = models.PositiveBigIntegerField(_("bytes packed"))
    unpacked = models.PositiveBigIntegerField(_("bytes unpacked"))
    files = models.JSONField(_("files"), default=dict)
    items = models.JSONField(_("parts that are opened"), default=list)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("package of a module")
        verbose_name_plural = _("packages of modules")

    def __str__(self) -> str:
        return self.title

    @property
    def number_of_files(self) -> int:
        return len(self.files)
