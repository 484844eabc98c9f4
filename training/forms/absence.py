"""The form of an absence."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from training.models import AbsenceKind


class AbsenceForm(forms.Form):
    """From a first to a last day."""

    kind = forms.ChoiceField(label=_("What for"), choices=AbsenceKind.choices)
    since = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
