"""Forms of the after-action review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Position
from operations.services.review import FindingInput, ReviewTexts

_LONG = forms.Textarea(attrs={"rows": 6})


class ReviewForm(forms.Form):
    """The four questions of every review."""

    expected = forms.CharField(label=_("What was expected"), max_length=8000, required=False, widget=_LONG)
    happened = forms.CharField(label=_("What happened"), max_length=8000, required=False, widget=_LONG)
    why = forms.CharField(label=_("Why"), max_length=8000, required=False, widget=_LONG)
    next_steps = forms.CharField(label=_("What comes next"), max_length=8000, required=False, widget=_LONG)

    def texts(self) -> ReviewTexts:
        return ReviewTexts(**self.cleaned_data)


class FindingForm(forms.Form):
    """What was seen, what it means, what should be done by whom."""

    observation = forms.CharField(
        label=_("What was seen"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    insight = forms.CharField(
        label=_("What it means"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    recommendation = forms.CharField(
        label=_("What should be done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = PickField(
        reverse_lazy("post_pick"),
        text="title",
        required=False,
        label=_("Who follows it up"),
        help_text=_("Needed before the review is finished."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Position.objects.filter(is_archived=False).select_related("office")
        self.fields["owner"].queryset = rows  # type: ignore[attr-defined]

    def input(self) -> FindingInput:
        data = dict(self.cleaned_data)
        return FindingInput(owner=data.pop("owner").chosen, **data)
