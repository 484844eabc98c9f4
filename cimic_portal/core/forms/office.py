"""Offices, as administrators enter and close them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cimic_portal.core.models import Office, Person
from cimic_portal.core.sharing.levels import KeyKind, key


class OfficeForm(forms.ModelForm):  # type: ignore[type-arg]
    """An office in the tree of its organisation. A closed one names who inherits its records."""

    actor: ClassVar[Person]

    class Meta:
        model = Office
        fields = (
            "organisation",
            "name",
            "short_name",
            "component",
            "parent",
            "area",
            "closed_on",
            "successor",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        problems: dict[str, str] = {}
        successor = cleaned.get("successor")
        if cleaned.get("closed_on") and successor is None and "successor" not in self.errors:
            problems["successor"] = _("Name the office that inherits the records.")
        if successor is not None and self._would_inherit(successor):
            problems["successor"] = _(
                "You would inherit these records yourself. Ask another administrator to do it."
            )
        if successor is not None and successor.closed_on is not None:
            problems.setdefault("successor", _("This office is closed itself. Name one that is open."))
        if problems:
            raise ValidationError(problems)
        return cleaned

    def _would_inherit(self, successor: Office) -> bool:
        """Whether naming the successor opens the office to the administrator, now or on its last day."""
        keys = self.actor.access.keys
        changed = {"successor", "closed_on"}.intersection(self.changed_data)
        return (
            bool(changed)
            and key(KeyKind.OWNER, successor.pk) in keys
            and key(KeyKind.OWNER, self.instance.pk or 0) not in keys
        )
