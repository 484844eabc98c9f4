"""Releasing a copy of a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.models import Document, Person


class ReleaseForm(AudienceMixin):
    """Who may read the copy, at which level, and why. The level starts at that of the document."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, person: Person, record: Document) -> None:
        super().__init__(data, initial={"classification": record.classification})
        self.for_person(person)
        self.fields["audience_components"].help_text = ""
        self.fields["reason"].help_text = _(
            "Kept with the release. Below the level of the document, it says what makes that possible."
        )
