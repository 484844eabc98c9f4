"""Forms of requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office, Position
from cimic_portal.core.sharing.levels import Component
from operations.models import OperationType, Participation
from training.models import LONGEST_DAYS, CountedFrom, Course, Requirement, Whom
from training.services.requirement import RequirementInput

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

_PLAIN = ("course", "whom", "component", "kind", "days", "counted_from", "always", "note")


class RequirementForm(forms.Form):
    """Which course, of whom, by when."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none())
    whom = forms.ChoiceField(
        label=_("Asked of"), choices=Whom.choices, initial=Whom.EVERYBODY, widget=forms.RadioSelect
    )
    component = forms.TypedChoiceField(
        label=_("Component"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *((one.value, one.label) for one in Component if one.of_mission)],
    )
    office = PickField(reverse_lazy("office_pick"), label=_("Office"), required=False)
    position = PickField(reverse_lazy("post_pick"), text="title", label=_("Position"), required=False)
    kind = forms.ModelChoiceField(
        label=_("Type of operation"), queryset=OperationType.objects.none(), required=False, empty_label="—"
    )
    days = forms.IntegerField(
        label=_("Due within days"),
        initial=30,
        min_value=0,
        max_value=LONGEST_DAYS,
        help_text=_("For participants of an operation it is due on the day it begins; leave it as it is."),
    )
    counted_from = forms.ChoiceField(
        label=_("Counted from"), choices=CountedFrom.choices, initial=CountedFrom.ARRIVAL
    )
    always = forms.BooleanField(
        label=_("Must be valid at all times; a qualification that has expired does not count"),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The order or policy that asks for it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "course": Course.objects.offered(),
            "kind": OperationType.objects.filter(is_archived=False),
            "office": Office.objects.filter(closed_on__isnull=True),
            "position": Position.objects.filter(
                is_archived=False, office__closed_on__isnull=True
            ).select_related("office"),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def input(self) -> RequirementInput:
        data = self.cleaned_data
        plain = {name: data[name] for name in _PLAIN}
        return RequirementInput(**plain, office=data["office"].chosen, position=data["position"].chosen)


def initial_of(row: Requirement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*_PLAIN, "office", "position")}


class OperationRequirementForm(forms.Form):
    """Which course those who take part need on the day it begins."""

    course = forms.ModelChoiceField(label=_("Course"), queryset=Course.objects.none())
    participation = forms.ModelChoiceField(
        label=_("Of whom"),
        queryset=Participation.objects.none(),
        required=False,
        empty_label=_("Everybody who takes part"),
    )

    def __init__(self, *args: Any, person: Person, operation: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Participation.objects.visible_to(person).filter(operation=operation)
        self.fields["course"].queryset = Course.objects.offered()  # type: ignore[attr-defined]
        self.fields["participation"].queryset = rows.select_related("office", "organisation")  # type: ignore[attr-defined]
