"""The history of a record, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.audit.history import Entry, history_of, history_of_reference
from cimic_portal.core.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.sharing.records import Reference, SharedRecord

# Verbs that every shared record knows, by their second half.
_COMMON: dict[str, StrOrPromise] = {
    "grant": _("Shared by name"),
    "revoke": _("Sharing by name ended"),
    "reshare": _("Circle of readers changed"),
    # The demo mission is loaded in one go.
    "load": _("Entered with the demo mission"),
}
_REFERENCE: dict[str, StrOrPromise] = {
    "insert": _("Entered"),
    "update": _("Changed"),
    "area.import": _("Imported"),
}


def shown_history(
    record: SharedRecord, person: Person, words: Mapping[str, StrOrPromise]
) -> list[dict[str, Any]]:
    """The record's history for `components/history.html`. `words` tells each verb of the noun."""
    return _in_words(history_of(record, person), words)


def reference_history(record: Reference, person: Person) -> list[dict[str, Any]]:
    """The same for a row of reference data."""
    return _in_words(history_of_reference(record, person), _REFERENCE)


def _in_words(entries: list[Entry], words: Mapping[str, StrOrPromise]) -> list[dict[str, Any]]:
    names = Person.objects.in_bulk({entry.actor for entry in entries if entry.actor})
    return [
        {
            "when": entry.at,
            "text": words.get(entry.verb) or _COMMON.get(entry.verb.partition(".")[2]) or _("Changed"),
            "actor": str(names.get(entry.actor, "")) if entry.actor else "",
            "reason": entry.reason,
            "changes": entry.changes,
        }
        for entry in entries
    ]
