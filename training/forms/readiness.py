"""What narrows the pages of readiness: they are asked by address, so that each view can be sent on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Component
from training.models import Course

if TYPE_CHECKING:
    from training.readiness.people import Tree

LOOKS = [
    ("", _("Everybody")),
    ("late", _("With something overdue")),
    ("due", _("With something to be taken")),
    ("expiring", _("With something that expires")),
    ("ready", _("Ready")),
]


class ReadinessForm(forms.Form):
    """Which offices, which people, which course."""

    office = forms.TypedChoiceField(label=_("Office"), required=False, coerce=int, empty_value=None)
    component = forms.TypedChoiceField(
        label=_("Component"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Every component")), *Component.choices],
    )
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.none(), required=False, empty_label=_("Every course")
    )

    def __init__(self, *args: Any, tree: Tree, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.offered()  # type: ignore[attr-defined]
        offered = [
            (pk, f"{'– ' * depth}{tree.offices[pk]}")
            for pk, depth in tree.walk()
            if tree.offices[pk].organisation_id in organisations
        ]
        self.fields["office"].choices = [("", _("Every office")), *offered]  # type: ignore[attr-defined]


class MatrixForm(forms.Form):
    """Which people of a matrix, which course."""

    look = forms.ChoiceField(label=_("Who"), required=False, choices=LOOKS)
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.none(), required=False, empty_label=_("Every course")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.offered()  # type: ignore[attr-defined]
