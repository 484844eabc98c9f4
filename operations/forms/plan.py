"""Forms of the written plan: a section's text, and the rows of objectives, risks and decision points."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Position
from operations.models import DecisionPoint, MandateTask, Objective, Risk
from operations.services.plan_inputs import DecisionInput, ObjectiveInput, RiskInput
from operations.services.plan_text import LONGEST_TEXT

LIKELIHOODS = [
    (1, _("1 rare")),
    (2, _("2 unlikely")),
    (3, _("3 possible")),
    (4, _("4 likely")),
    (5, _("5 almost certain")),
]
IMPACTS = [
    (1, _("1 slight")),
    (2, _("2 minor")),
    (3, _("3 moderate")),
    (4, _("4 severe")),
    (5, _("5 extreme")),
]


class SectionForm(forms.Form):
    """The text of a section. `revision` is the number of the one that was shown."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 24, "data-rich": ""}),
        help_text=_(
            "A line that begins with # is a heading, with - a point of a list; **bold**, *emphasis*; "
            "columns of a table stand between | signs."
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput(), min_value=1, max_value=9999, required=False)


def _post(label: Any, **options: Any) -> PickField:
    field = PickField(reverse_lazy("post_pick"), text="title", required=False, label=label, **options)
    field.queryset = Position.objects.filter(is_archived=False).select_related("office")
    return field


def _level(label: Any, choices: list[tuple[int, Any]], **options: Any) -> forms.TypedChoiceField:
    shown = choices if options.get("required", True) else [("", _("not judged")), *choices]
    return forms.TypedChoiceField(label=label, choices=shown, coerce=int, empty_value=None, **options)


class ObjectiveForm(forms.Form):
    model = Objective

    text = forms.CharField(
        label=_("Objective"), max_length=300, help_text=_("What is different when it is reached.")
    )
    measure = forms.CharField(label=_("Measured by"), max_length=300, required=False)
    baseline = forms.CharField(label=_("Today"), max_length=120, required=False)
    target = forms.CharField(label=_("Target"), max_length=120, required=False)
    mandate_task = forms.ModelChoiceField(
        label=_("Mandate task it serves"), queryset=MandateTask.objects.none(), required=False
    )

    def __init__(self, *args: Any, row: Objective | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What stands there already may have left the list since.
        kept = Q(is_archived=False) | Q(pk=row.mandate_task_id if row else None)
        self.fields["mandate_task"].queryset = MandateTask.objects.filter(kept)  # type: ignore[attr-defined]
        if row is not None:
            self.initial = {name: getattr(row, name) for name in self.fields}

    def input(self) -> ObjectiveInput:
        return ObjectiveInput(**self.cleaned_data)


class RiskForm(forms.Form):
    model = Risk

    text = forms.CharField(label=_("Risk"), max_length=300, help_text=_("What may happen, and why."))
    civilians = forms.CharField(
        label=_("Effect on civilians"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("At least one risk of the plan says it before approval."),
    )
    likelihood = _level(_("Likelihood"), LIKELIHOODS)
    impact = _level(_("Impact"), IMPACTS)
    mitigation = forms.CharField(
        label=_("Mitigation"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    residual_likelihood = _level(_("Likelihood that remains"), LIKELIHOODS, required=False)
    residual_impact = _level(_("Impact that remains"), IMPACTS, required=False)
    owner = _post(_("Owner"), help_text=_("The position that watches it and acts."))

    def __init__(self, *args: Any, row: Risk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            self.initial = {name: getattr(row, name) for name in self.fields}
        else:
            self.initial = {"likelihood": 3, "impact": 3}

    def input(self) -> RiskInput:
        return RiskInput(**self.cleaned_data | {"owner": self.cleaned_data["owner"].chosen})


class DecisionForm(forms.Form):
    model = DecisionPoint

    title = forms.CharField(label=_("Decision"), max_length=200)
    condition = forms.CharField(
        label=_("Condition"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What has to be seen for the decision to be due."),
    )
    decider = _post(_("Who decides"))
    due_at = MomentField(label=_("By when"))
    follows = forms.CharField(
        label=_("What follows"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, row: DecisionPoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            self.initial = {name: getattr(row, name) for name in self.fields}

    def input(self) -> DecisionInput:
        return DecisionInput(**self.cleaned_data | {"decider": self.cleaned_data["decider"].chosen})
