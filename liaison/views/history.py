"""History of liaison's records, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views import history

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

WORDS = {
    "insert": _("Entered"),
    "update": _("Changed"),
    "contact.add": _("Entered"),
    "contact.change": _("Corrected"),
    "engagement.log": _("Written"),
    "engagement.edit": _("Edited"),
    "engagement.held": _("Recorded as held"),
    "engagement.not_held": _("Recorded as not held"),
    "engagement.submit": _("Submitted"),
    "engagement.return": _("Returned"),
    "engagement.release": _("Released"),
    "commitment.settle": _("Promise settled"),
    "tasking.issue": _("Issued"),
    "tasking.acknowledge": _("Acknowledged"),
    "tasking.start": _("Started"),
    "tasking.complete": _("Reported done"),
    "tasking.decline": _("Declined"),
    "tasking.withdraw": _("Withdrawn"),
}


def shown_history(record: SharedRecord, person: Person) -> list[dict[str, Any]]:
    """The record's history for `components/history.html`."""
    return history.shown_history(record, person, WORDS)
