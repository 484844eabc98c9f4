"""What an administrator decides about data whose time has run out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import RetentionDecision


class RetentionForm(forms.Form):
    """`choices`: the rows that the reader may see, as (id, words)."""

    rows = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Whose time has run out"), widget=forms.CheckboxSelectMultiple, coerce=int
    )
    keep_until = forms.DateField(
        label=gettext_lazy("Keep until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty, and they are anonymised. This cannot be undone."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=RetentionDecision._meta.get_field("reason").max_length
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = choices  # type: ignore[attr-defined]
