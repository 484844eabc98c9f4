"""The form of a course of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office
from training.models import Course, CoursePhase
from training.services.course import CourseInput

_PLAIN = (
    "code",
    "title",
    "summary",
    "standard",
    "edition",
    "phase",
    "authority",
    "validity_months",
    "pass_score",
    "is_archived",
)


class CourseForm(forms.Form):
    """What is taught, by whom, for how long it holds good."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        validators=Course._meta.get_field("code").validators,
        help_text=_("Capital letters, digits and hyphens, such as IND-01."),
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("What one can do afterwards"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    phase = forms.ChoiceField(label=_("Phase"), choices=CoursePhase.choices, initial=CoursePhase.ONGOING)
    office = PickField(
        reverse_lazy("office_pick"),
        label=_("Given by"),
        required=False,
        help_text=_("Holds sessions and marks results. Empty: taken before deployment."),
    )
    standard = forms.CharField(
        label=_("Standard"), max_length=80, required=False, help_text=_("CPTM, STM, national …")
    )
    edition = forms.CharField(label=_("Edition"), max_length=40, required=False)
    authority = forms.CharField(
        label=_("Issued by"), max_length=120, help_text=_("The authority that stands on the certificate.")
    )
    validity_months = forms.IntegerField(
        label=_("Valid for months"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: does not expire. What was awarded already keeps its last day."),
    )
    pass_score = forms.IntegerField(
        label=_("Pass mark in per cent"), min_value=0, max_value=100, required=False
    )
    is_archived = forms.BooleanField(label=_("No longer given"), required=False)

    def __init__(self, *args: Any, course: Course | None = None, **kwargs: Any) -> None:
        if course is not None:
            kwargs["initial"] = {name: getattr(course, name) for name in (*_PLAIN, "office")}
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(closed_on__isnull=True)  # type: ignore[attr-defined]
        if course is None:
            del self.fields["is_archived"]

    def input(self) -> CourseInput:
        data = self.cleaned_data
        plain = {name: data[name] for name in _PLAIN if name in data}
        return CourseInput(**plain, office=data["office"].chosen)
