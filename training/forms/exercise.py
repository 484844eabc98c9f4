"""Forms of an exercise and of what is prepared for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Area, Office, Person, Position
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.sharing.levels import Component
from operations.models import OperationType
from training.models import ExerciseForm as Form
from training.models import LessonTheme, Side
from training.services.exercise import ExerciseInput
from training.services.exercise_plan import ObjectiveInput, RoleInput, RunInput

if TYPE_CHECKING:
    from training.models import ExerciseRole, ExerciseSeat

FIRST_DIMENSIONS = (
    _("Protection of civilians"),
    _("Consent of the parties"),
    _("Humanitarian space"),
    _("Time and means"),
)


class ExerciseTextForm(forms.Form):
    """What is practised, when, and what it is about."""

    title = forms.CharField(label=_("Title"), max_length=160)
    form = forms.ChoiceField(label=_("Form"), choices=Form.choices, widget=forms.RadioSelect)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What those who take part can do better afterwards."),
    )
    starts_at = MomentField(label=_("STARTEX"))
    ends_at = MomentField(label=_("ENDEX"))
    scenario = forms.CharField(
        label=_("Scenario"),
        max_length=12000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "data-rich": ""}),
        help_text=_(
            "Players and audience read it once the exercise is scheduled. Injects come apart from it."
        ),
    )
    theme = forms.ModelChoiceField(label=_("Theme"), queryset=LessonTheme.objects.none(), required=False)
    kind = forms.ModelChoiceField(
        label=_("Type of operation"),
        queryset=OperationType.objects.none(),
        required=False,
        help_text=_("Its lessons are offered to whoever plans one of this type."),
    )
    area = PickField(reverse_lazy("area_pick"), key="pcode", label=_("Area"), required=False)
    dimensions = forms.CharField(
        label=_("What decisions are scored by"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For a simulation: one in each line, six at most."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "theme": LessonTheme.objects.filter(is_archived=False),
            "kind": OperationType.objects.filter(is_archived=False),
            "area": Area.objects.all(),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean_dimensions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["dimensions"].splitlines() if line.strip()]
        if any(len(line) > 60 for line in lines):  # noqa: PLR2004 - as long as the column
            raise forms.ValidationError(_("Sixty letters at most in each line."))
        return lines

    def input(self) -> ExerciseInput:
        data = self.cleaned_data
        names = ("title", "form", "purpose", "starts_at", "ends_at", "scenario", "theme", "kind")
        return ExerciseInput(
            **{name: data[name] for name in names},
            area=data["area"].chosen,
            dimensions=tuple(data["dimensions"]),
        )


class ExerciseForm(ExerciseTextForm, AudienceMixin):
    """A new exercise, with who may read it once it is scheduled."""

    office = forms.ModelChoiceField(label=_("Which office runs it"), queryset=Office.objects.none())

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self.initial.setdefault("dimensions", "\n".join(str(name) for name in FIRST_DIMENSIONS))
        self.initial.setdefault("form", Form.TABLE_TOP.value)
        self.fields["office"].queryset = Office.objects.filter(pk__in=person.access.offices)  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def sharing(self) -> Sharing:
        return Sharing(*self.audience_ids())


class ObjectiveForm(forms.Form):
    """What is to be shown, and how one sees it."""

    what = forms.CharField(label=_("What is to be shown"), max_length=300)
    component = forms.TypedChoiceField(
        label=_("By which component"),
        choices=[("", _("All together")), *Component.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    measure = forms.CharField(
        label=_("How one sees it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What an observer can see or count."),
    )

    def input(self) -> ObjectiveInput:
        return ObjectiveInput(**self.cleaned_data)


class RoleForm(forms.Form):
    """A part that somebody will play."""

    title = forms.CharField(label=_("Role"), max_length=120)
    component = forms.TypedChoiceField(label=_("Component"), choices=Component.choices, coerce=int)
    side = forms.ChoiceField(
        label=_("Side"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        initial=Side.PLAYER.value,
        help_text=_("Control runs the exercise and reads everything; observers watch; players play."),
    )
    is_lead = forms.BooleanField(label=_("Leads: takes the decisions of a simulation"), required=False)

    def input(self) -> RoleInput:
        return RoleInput(**self.cleaned_data)


class RunForm(forms.Form):
    """A team that goes through the exercise."""

    team = forms.CharField(
        label=_("Team"),
        max_length=80,
        help_text=_("One run for each team. A second team can be compared with the first."),
    )

    def input(self) -> RunInput:
        return RunInput(**self.cleaned_data)


class SeatsForm(forms.Form):
    """Who plays what: for each role a position, a person, or both; empty: nobody."""

    def __init__(
        self, *args: Any, roles: list[ExerciseRole], seats: dict[int, ExerciseSeat], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        positions = Position.objects.filter(is_archived=False, office__closed_on__isnull=True)
        fields: dict[str, Any] = self.fields
        for role in roles:
            seat = seats.get(role.pk)
            fields[f"position_{role.pk}"] = position = PickField(
                reverse_lazy("post_pick"), text="title", label=_("Position"), required=False
            )
            fields[f"person_{role.pk}"] = person = PickField(
                reverse_lazy("everyone_pick"), text="family_name", label=_("or person"), required=False
            )
            position.queryset = positions.select_related("office")
            person.queryset = Person.objects.filter(is_active=True)
            if seat is not None:
                self.initial[f"position_{role.pk}"] = seat.position
                self.initial[f"person_{role.pk}"] = seat.person

    def rows(self) -> list[tuple[ExerciseRole, Any, Any]]:
        """Each role with its two fields, for the template."""
        return [(role, self[f"position_{role.pk}"], self[f"person_{role.pk}"]) for role in self.roles]

    def chosen(self) -> list[tuple[ExerciseRole, Position | None, Person | None]]:
        data = self.cleaned_data
        return [
            (role, data[f"position_{role.pk}"].chosen, data[f"person_{role.pk}"].chosen)
            for role in self.roles
        ]
