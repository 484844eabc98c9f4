"""What lessons are about; the mission edits the list in the administration."""

from __future__ import annotations

import pghistory
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.records import Choice


@pghistory.track()
class LessonTheme(Choice):
    """A theme of lessons, such as planning together or movement.

    Personal data: none. Retention: kept, archived when unused.
    """

    class Meta(Choice.Meta):
        verbose_name = _("theme of lessons")
        verbose_name_plural = _("themes of lessons")
