"""Kinds of engagement: a list that the mission edits."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Reference


@pghistory.track()
class EngagementKind(Reference):
    """A kind of meeting or call. Personal data: none. Retention: kept, archived when unused."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_key_leader = models.BooleanField(_("key leader engagement"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("kind of engagement")
        verbose_name_plural = _("kinds of engagement")

    def __str__(self) -> str:
        return self.name
