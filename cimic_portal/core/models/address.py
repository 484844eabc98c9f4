"""Forms of address: a list that the mission edits."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Choice


@pghistory.track()
class FormOfAddress(Choice):
    """A rank or form of address that forms offer; others can be typed as well.

    Personal data: none. Retention: kept, archived when it is no longer offered.
    """

    # As long as what stands with a person.
    name = models.CharField(_("name"), max_length=20, unique=True)

    class Meta(Choice.Meta):
        verbose_name = _("rank or form of address")
        verbose_name_plural = _("ranks and forms of address")
