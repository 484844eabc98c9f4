"""In which form readiness is made as a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office


class ReadinessPaperForm(forms.Form):
    office = forms.ModelChoiceField(label=_("For the office"), queryset=Office.objects.none())
    form = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", _("PDF, to read and hang up")), ("xlsx", _("Spreadsheet (XLSX), to work with"))],
        widget=forms.RadioSelect,
        initial="pdf",
    )

    def __init__(self, *args: Any, person: Any) -> None:
        super().__init__(*args)
        offices = Office.objects.filter(pk__in=person.access.offices).select_related("organisation")
        field: Any = self.fields["office"]
        field.queryset = offices
        self.initial.setdefault("office", next(iter(sorted(person.access.offices)), None))
