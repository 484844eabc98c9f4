"""The audit trail of a row, in words, for the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cimic_portal.core.audit.history import history_of_reference
from cimic_portal.core.models import Person

if TYPE_CHECKING:
    from django.db.models import Model


def verb_words(verb: str) -> str:
    """What was done, as far as a word is known for it."""
    done = verb.rpartition(".")[2]
    known = {
        "insert": _("Entered"),
        "add": _("Entered"),
        "update": _("Changed"),
        "change": _("Changed"),
        "delete": _("Deleted"),
        "import": _("Imported"),
        "revoke": _("Ended"),
        "end": _("Ended"),
        "set_password": _("Password changed"),
    }
    return known.get(done, done.replace("_", " ").capitalize())


def shown_trail(row: Model, reader: Person) -> list[dict[str, Any]]:
    """Newest first, for `components/history.html`."""
    if not hasattr(row, "events"):
        return []
    entries = history_of_reference(row, reader)  # type: ignore[arg-type]
    names = Person.objects.in_bulk({entry.actor for entry in entries if entry.actor})
    return [
        {
            "when": entry.at,
            "text": verb_words(entry.verb),
            "actor": str(names.get(entry.actor, "")) if entry.actor else "",
            "reason": entry.reason,
            "changes": entry.changes,
        }
        for entry in entries
    ]
