"""History of operations' records, in words."""

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
    "operation.draft": _("Drafted"),
    "operation.edit": _("Edited"),
    "operation.staff": _("Sent into staffing"),
    "operation.pull_back": _("Pulled back from staffing"),
    "operation.return": _("Returned to draft"),
    "operation.approve": _("Approved"),
    "operation.open_frago": _("FRAGO begun"),
    "operation.change_frame": _("Period or participants changed in the FRAGO"),
    "operation.submit_frago": _("FRAGO submitted"),
    "operation.return_frago": _("FRAGO returned"),
    "operation.drop_frago": _("FRAGO dropped"),
    "operation.issue_frago": _("FRAGO issued"),
    "operation.finish_review": _("Review finished"),
    "operation.activate": _("Begun"),
    "operation.suspend": _("Suspended"),
    "operation.resume": _("Resumed"),
    "operation.complete": _("Completed"),
    "operation.close": _("Closed"),
    "operation.cancel": _("Cancelled"),
}


def shown_history(record: SharedRecord, person: Person) -> list[dict[str, Any]]:
    """The record's history for `components/history.html`."""
    return history.shown_history(record, person, WORDS)
