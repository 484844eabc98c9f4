"""The form of an inject: the message, to whom, when, what is expected; and the options of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from training.models import ExerciseObjective, ExerciseRole, Side
from training.services.exercise_plan import InjectInput

if TYPE_CHECKING:
    from cimic_portal.core.errors import InvalidError
    from cimic_portal.core.models import Person
    from training.models import Exercise

OPTIONS = 4
LOWEST, HIGHEST = -5, 5
# The longest exercise lasts a month.
LATEST_MINUTE = 44_640


class InjectForm(forms.Form):
    """An inject of the MSEL. What is expected, and what follows from an option, only control reads."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text of the message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As the players get it. The portal marks it as an exercise."),
    )
    roles = forms.ModelMultipleChoiceField(
        label=_("To which roles"),
        queryset=ExerciseRole.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    at_minute = forms.IntegerField(
        label=_("Minutes after STARTEX"),
        required=False,
        min_value=0,
        max_value=LATEST_MINUTE,
        help_text=_("The clock delivers it then. Empty: control delivers it by hand."),
    )
    objective = forms.ModelChoiceField(
        label=_("Tests the objective"), queryset=ExerciseObjective.objects.none(), required=False
    )
    expected = forms.CharField(
        label=_("Expected response"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For exercise control; no player ever reads it."),
    )

    def __init__(self, *args: Any, exercise: Exercise, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dimensions = list(exercise.dimensions)
        fields: dict[str, Any] = self.fields
        fields["roles"].queryset = ExerciseRole.objects.visible_to(person).filter(
            exercise=exercise, side=Side.PLAYER
        )
        fields["objective"].queryset = ExerciseObjective.objects.visible_to(person).filter(exercise=exercise)
        for number in range(OPTIONS):
            fields[f"option_{number}"] = forms.CharField(
                label=_("Option %(number)d") % {"number": number + 1}, max_length=300, required=False
            )
            fields[f"effect_{number}"] = forms.CharField(
                label=_("What follows from it"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            for place, name in enumerate(self.dimensions):
                fields[f"score_{number}_{place}"] = forms.IntegerField(
                    label=_("Option %(number)d: %(scored)s") % {"number": number + 1, "scored": name},
                    required=False,
                    min_value=LOWEST,
                    max_value=HIGHEST,
                )

    def option_rows(self) -> list[tuple[Any, Any, list[Any]]]:
        """(option, effect, scores) as bound fields, for the template."""
        return [
            (
                self[f"option_{number}"],
                self[f"effect_{number}"],
                [self[f"score_{number}_{place}"] for place in range(len(self.dimensions))],
            )
            for number in range(OPTIONS)
        ]

    @property
    def has_options(self) -> bool:
        """Whether there is something to see in them: what was entered, or something to mend."""
        wrong = any(name.startswith(("option_", "effect_", "score_")) for name in self.errors)
        return wrong or any(self[f"option_{number}"].value() for number in range(OPTIONS))

    def show(self, error: InvalidError) -> None:
        """What the service says of the options stands at the first that is to be mended."""
        for name, lines in error.fields.items():
            place = self._option_to_mend() if name == "options" else name
            for line in lines:
                self.add_error(place if place in self.fields else None, line)

    def _option_to_mend(self) -> str:
        """The option that says what another said before it, else the first that is empty."""
        names = [f"option_{number}" for number in range(OPTIONS)]
        said = [self.cleaned_data.get(name, "").casefold() for name in names]
        again = (name for place, name in enumerate(names) if said[place] and said[place] in said[:place])
        empty = (name for place, name in enumerate(names) if not said[place])
        return next(again, None) or next(empty, names[0])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for number in range(OPTIONS):
            scores = [data.get(f"score_{number}_{place}") for place in range(len(self.dimensions))]
            if data.get(f"option_{number}"):
                for place, score in enumerate(scores):
                    if score is None and f"score_{number}_{place}" not in self.errors:
                        self.add_error(f"score_{number}_{place}", _now("A number from -5 to 5."))
            elif data.get(f"effect_{number}") or any(score is not None for score in scores):
                self.add_error(f"option_{number}", _now("Say what can be chosen."))
        return data

    def input(self) -> InjectInput:
        data = self.cleaned_data
        filled = [number for number in range(OPTIONS) if data[f"option_{number}"]]
        return InjectInput(
            title=data["title"],
            text=data["text"],
            roles=list(data["roles"]),
            at_minute=data["at_minute"],
            objective=data["objective"],
            expected=data["expected"],
            options=[data[f"option_{number}"] for number in filled],
            effects=[data[f"effect_{number}"] for number in filled],
            scores=[
                [data[f"score_{number}_{place}"] for place in range(len(self.dimensions))]
                for number in filled
            ],
        )
