"""What waits for a person among modules: to publish, to finish writing. Learning is their readiness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from training.models import ModuleDraft

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def modules_waiting(person: Person) -> Iterator[Waiting]:
    """Modules to publish, and drafts that were returned or not submitted."""
    rows = ModuleDraft.objects.visible_to(person)
    for draft in rows.waiting_for(person).select_related("author").order_by("pk")[:MOST]:
        told = _("Module by %(who)s") % {"who": draft.author}
        yield Waiting(draft, draft.title, draft.get_absolute_url(), told, _("Publish"), "waiting")
    for draft in rows.unfinished_of(person).order_by("-updated_at")[:MOST]:
        told = f"“{draft.state_reason}”" if draft.state_reason else _("Your module, not submitted yet")
        label = str(draft.get_state_display())
        yield Waiting(draft, draft.title, draft.get_absolute_url(), told, label, draft.state_tone)
