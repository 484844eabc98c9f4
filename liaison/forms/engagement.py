"""The form in which a contact is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import Picked, PickField
from cimic_portal.core.forms.position import PositionField
from cimic_portal.core.models import Office, Organisation, Person, Place
from liaison.models import Atmosphere, CommitmentSide, Contact, EngagementKind, Visibility

if TYPE_CHECKING:
    from cimic_portal.core.models import Person as PersonType


def _text(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class EngagementForm(AudienceMixin):
    """When, where, what was said; who was there and what was promised stand in formsets beside it."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, help_text=_("One line that tells a colleague what it was about.")
    )
    kind = forms.ModelChoiceField(label=_("Kind"), queryset=EngagementKind.objects.none())
    starts_at = MomentField(label=_("Start"))
    ends_at = MomentField(label=_("End"), required=False)
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
        help_text=_(
            "MGRS or latitude and longitude, or a click on the map. Needed only away from a named place."
        ),
    )
    key_points = _text(_("Key points"), rows=6, max_length=20_000)
    atmosphere = forms.ChoiceField(
        label=_("Atmosphere"),
        choices=[("", _("Not said yet")), *Atmosphere.choices],
        required=False,
    )
    atmosphere_why = _text(_("Why"), rows=2, max_length=4000)
    local_context = _text(_("Local political, social or cultural observations"), max_length=8000)
    next_steps = _text(_("Next steps"), max_length=8000)
    visibility = forms.ChoiceField(label=_("Visibility"), choices=Visibility.choices, initial=Visibility.OPEN)
    do_no_harm = _text(_("Do-no-harm note"), rows=2, max_length=4000)

    def __init__(self, *args: Any, person: PersonType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self._choose("office", Office.objects.filter(pk__in=person.access.offices))
        self._choose("kind", EngagementKind.objects.filter(is_archived=False))
        self.fields["place"].queryset = Place.objects.filter(is_archived=False)  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def _choose(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset


class MetForm(forms.Form):
    """One who was met: a known contact, someone new, or an organisation as such."""

    row_label = _("Met")

    contact = PickField(
        reverse_lazy("contact_pick"), key="reference", free=True, required=False, label=_("Name")
    )
    organisation = PickField(
        reverse_lazy("organisation_pick"), free=True, required=False, label=_("Organisation")
    )
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    confirmed = forms.BooleanField(
        label=_("Different from those known"),
        required=False,
        help_text=_("Only when the portal has asked whether it is somebody known."),
    )

    def __init__(self, *args: Any, person: PersonType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(person)  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.filter(is_archived=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        contact, organisation = data.get("contact") or Picked(), data.get("organisation") or Picked()
        if not contact and not organisation and (data.get("role") or data.get("phone")):
            self.add_error("contact", _g("Name the person, or the organisation, of this row."))
        return data


class OwnForm(forms.Form):
    """One of our own people who took part."""

    row_label = _("Colleague")

    person = PickField(reverse_lazy("person_pick"), text="family_name", required=False, label=_("Name"))

    def __init__(self, *args: Any, person: PersonType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Person.objects.colleagues_in(*person.access.organisations)
        self.fields["person"].queryset = own  # type: ignore[attr-defined]


class PromiseForm(forms.Form):
    """One promise, by either side."""

    row_label = _("Promise")

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    side = forms.ChoiceField(label=_("Who promised"), choices=CommitmentSide.choices, required=False)
    what = forms.CharField(label=_("What"), max_length=300, required=False)
    organisation = PickField(reverse_lazy("organisation_pick"), required=False, label=_("To or from whom"))
    due_on = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, person: PersonType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_archived=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("what") and (data.get("organisation") or data.get("due_on")):
            self.add_error("what", _g("Say what was promised, or leave the row empty."))
        return data
