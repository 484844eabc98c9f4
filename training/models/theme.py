"""What lessons are about; the mission edits the list in the administration."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Reference


@pghistory.track()
class LessonTheme(Reference):
    """A theme of lessons, such as planning together or movement.

    Personal data: none. Retention: kept, archived when unused.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("theme of lessons")
        verbose_name_plural = _("themes of lessons")

    def __str__(self) -> str:
        return self.name
