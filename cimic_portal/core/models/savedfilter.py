"""Saved filters: what a person looks at again and again."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Personal

MOST_SAVED = 20
LONGEST_QUERY = 1_000


@pghistory.track()
class SavedFilter(Personal):
    """The filters of one list under a name of one's own, shown as a tab above the list.

    `list_name` is the list's name; `query` the parameters as they stand in an address. It keeps
    what was asked, never what was found. Personal data: what someone looks for. Retention: until
    the person deletes it or leaves.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    list_name = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=LONGEST_QUERY)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            # Also finds the tabs of a list.
            models.UniqueConstraint(fields=["person", "list_name", "name"], name="savedfilter_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
