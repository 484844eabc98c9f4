"""Forms of those who play an exercise, and of those who watch it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office, Position
from training.models import ExerciseInject, ExerciseObjective, ExerciseRole, Rating, Stance
from training.services.exercise_review import ExerciseFindingInput, ExerciseTexts

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import ExerciseRun

_LONG = forms.Textarea(attrs={"rows": 4})


def _as_role(form: forms.Form, roles: list[ExerciseRole], person: Person) -> None:
    """Whoever plays one role of those asked need not choose it."""
    field: Any = form.fields["role"]
    field.queryset = ExerciseRole.objects.visible_to(person).filter(pk__in=[role.pk for role in roles])
    if len(roles) == 1:
        field.widget = forms.HiddenInput()
        form.initial.setdefault("role", roles[0].pk)


class AnswerForm(forms.Form):
    """What a role does or says, in words."""

    role = forms.ModelChoiceField(label=_("As"), queryset=ExerciseRole.objects.none())
    text = forms.CharField(
        label=_("Answer"), max_length=4000, widget=_LONG, help_text=_("What you do, order, ask or report.")
    )

    def __init__(self, data: Any = None, *, roles: list[ExerciseRole], person: Person) -> None:
        super().__init__(data)
        _as_role(self, roles, person)


class _OptionForm(forms.Form):
    option = forms.TypedChoiceField(label=_("Option"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, options: list[str], chosen: int | None = None) -> None:
        super().__init__(data, initial={"option": chosen})
        field: Any = self.fields["option"]
        field.choices = [(str(number), text) for number, text in enumerate(options)]


class ProposeForm(_OptionForm):
    """The option that the lead puts before the others."""

    why = forms.CharField(label=_("Why"), max_length=2000, widget=_LONG)


class DecideForm(_OptionForm):
    """The decision, with every stance in view."""

    reasoning = forms.CharField(
        label=_("Reasoning"),
        max_length=2000,
        widget=_LONG,
        help_text=_("Say also what you make of the objections."),
    )


class StanceForm(forms.Form):
    """Whether a role concurs with what is proposed."""

    role = forms.ModelChoiceField(label=_("As"), queryset=ExerciseRole.objects.none())
    stance = forms.ChoiceField(label=_("Stance"), choices=Stance.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        required=False,
        widget=_LONG,
        help_text=_("Needed where your role objects."),
    )

    def __init__(self, data: Any = None, *, roles: list[ExerciseRole], person: Person) -> None:
        super().__init__(data)
        _as_role(self, roles, person)


class ObserveForm(forms.Form):
    """What was seen, against an objective; entered from the keyboard."""

    seen = forms.CharField(
        label=_("What was seen"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    objective = forms.ModelChoiceField(label=_("Objective"), queryset=ExerciseObjective.objects.none())
    rating = forms.ChoiceField(label=_("Rating"), choices=[("", "---------"), *Rating.choices])
    inject = forms.ModelChoiceField(
        label=_("At the inject"), queryset=ExerciseInject.objects.none(), required=False
    )

    def __init__(self, data: Any = None, *, run: ExerciseRun, person: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["objective"].queryset = ExerciseObjective.objects.visible_to(person).filter(
            exercise=run.exercise_id
        )
        fields["inject"].queryset = ExerciseInject.objects.visible_to(person).filter(exercise=run.exercise_id)


class EvaluateForm(forms.Form):
    """How far an objective was reached."""

    rating = forms.ChoiceField(label=_("Result"), choices=Rating.choices, widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("Evaluation"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("By what one sees it, in two or three sentences."),
    )


_TEXT = forms.Textarea(attrs={"rows": 6})


class ExerciseReviewForm(forms.Form):
    """The four questions of every review."""

    expected = forms.CharField(label=_("What was expected"), max_length=8000, required=False, widget=_TEXT)
    happened = forms.CharField(label=_("What happened"), max_length=8000, required=False, widget=_TEXT)
    why = forms.CharField(label=_("Why"), max_length=8000, required=False, widget=_TEXT)
    next_steps = forms.CharField(label=_("What comes next"), max_length=8000, required=False, widget=_TEXT)

    def texts(self) -> ExerciseTexts:
        return ExerciseTexts(**self.cleaned_data)


class ExerciseFindingForm(forms.Form):
    """What was seen, what it means, what should be done by whom."""

    observation = forms.CharField(label=_("What was seen"), max_length=4000, widget=_LONG)
    insight = forms.CharField(label=_("What it means"), max_length=4000, required=False, widget=_LONG)
    recommendation = forms.CharField(label=_("What should be done"), max_length=4000, widget=_LONG)
    owner = PickField(
        reverse_lazy("post_pick"),
        text="title",
        required=False,
        label=_("Who follows it up"),
        help_text=_("Needed before it becomes a lesson."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Position.objects.filter(is_archived=False).select_related("office")
        self.fields["owner"].queryset = rows  # type: ignore[attr-defined]

    def input(self) -> ExerciseFindingInput:
        data = dict(self.cleaned_data)
        return ExerciseFindingInput(owner=data.pop("owner").chosen, **data)


class AarForm(forms.Form):
    """For which office the review is put on paper."""

    office = forms.ModelChoiceField(
        label=_("For the office"),
        queryset=Office.objects.none(),
        help_text=_("It owns the document; its releasing position can release a copy to others."),
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        offices = sorted(person.access.offices)
        super().__init__(data, initial={"office": next(iter(offices), None)})
        field: Any = self.fields["office"]
        field.queryset = Office.objects.filter(pk__in=offices).select_related("organisation")
