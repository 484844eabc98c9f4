"""The form of a proposal for a quick impact project, with its criteria, budget and milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.forms.position import PositionField
from cimic_portal.core.models import Office, Organisation, Place

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST_PEOPLE = 10_000_000


def day(label: Any, **options: Any) -> forms.DateField:
    """A day of the mission's calendar."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **options)


def amount(label: Any, **options: Any) -> forms.DecimalField:
    """Money with two places; the service says what is no amount."""
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput({"step": "0.01", "min": "0.01", "inputmode": "decimal"}),
        **options,
    )


def _text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class QipForm(AudienceMixin):
    """What is needed, where, by whom, for whom and when. Only title and need are asked of a draft."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    need = _text(_("Need"), rows=5, max_length=8000, help_text=_("What is missing, and for whom it matters."))
    place = PickField(
        reverse_lazy("place_pick"),
        label=_("Place"),
        required=False,
        help_text=_("A named place the portal knows."),
    )
    location = forms.CharField(label=_("Where exactly"), max_length=160, required=False)
    position = PositionField(
        label=_("Grid or coordinates"),
        required=False,
        help_text=_("MGRS or latitude and longitude, or a click on the map."),
    )
    partner = PickField(reverse_lazy("organisation_pick"), label=_("Implementing partner"), required=False)
    beneficiaries = forms.CharField(label=_("Who benefits"), max_length=300, required=False)
    beneficiary_count = forms.IntegerField(
        label=_("How many people"),
        min_value=0,
        required=False,
        validators=[MaxValueValidator(MOST_PEOPLE)],
    )
    starts_on = day(_("Planned start"), required=False)
    ends_on = day(_("Planned end"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self.fields["audience_components"].help_text = _(
            "Once it is submitted. Drafts are for the author and the owner office."
        )
        self._choose("office", Office.objects.filter(pk__in=person.access.offices))
        self._choose("place", Place.objects.filter(is_archived=False))
        self._choose("partner", Organisation.objects.filter(is_archived=False))
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """One criterion: met or not, and how one sees it. The criterion stands in the prefix of the row."""

    is_met = forms.TypedChoiceField(
        label=_("Met"),
        choices=[("", _("Not answered yet")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    evidence = _text(_("Evidence"), rows=2, max_length=2000, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("evidence") and data.get("is_met") is None:
            self.add_error("is_met", _g("Say whether the criterion is met."))
        return data


class LineForm(forms.Form):
    """One line of the budget."""

    row_label = _("Line")

    what = forms.CharField(label=_("What for"), max_length=200, required=False)
    amount = amount(_("Amount"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("amount") is not None and not data.get("what"):
            self.add_error("what", _g("Say what the amount is for."))
        elif data.get("what") and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _g("Give the amount."))
        return data


class MilestoneForm(forms.Form):
    """One step of the work."""

    row_label = _("Milestone")

    what = forms.CharField(label=_("What"), max_length=200, required=False)
    due_on = day(_("By when"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("due_on") and not data.get("what"):
            self.add_error("what", _g("Say what is to be done by then."))
        elif data.get("what") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _g("Say by when."))
        return data
