"""The form of a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.forms.suggest import AddressInput
from cimic_portal.core.models import Office, Organisation
from cimic_portal.core.services.audience import Sharing
from liaison.services.inputs import NewContact

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

DETAILS = ("name", "form_of_address", "role", "phone", "email", "languages", "notes")


class ContactDetailsForm(forms.Form):
    """What is known of a person outside the mission."""

    name = forms.CharField(label=_("Name"), max_length=160)
    form_of_address = forms.CharField(
        label=_("Form of address"),
        max_length=40,
        required=False,
        help_text=_("Mr, Chief, Sister, Dr …"),
        widget=AddressInput,
    )
    organisation = PickField(
        reverse_lazy("organisation_pick"), free=True, required=False, label=_("Organisation")
    )
    role = forms.CharField(label=_("Role"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    languages = forms.CharField(label=_("Languages"), max_length=120, required=False)
    notes = forms.CharField(
        label=_("Notes"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(is_archived=False)  # type: ignore[attr-defined]


class ContactForm(ContactDetailsForm, AudienceMixin):
    """A new contact, with who may read it."""

    office = forms.ModelChoiceField(label=_("For which office"), queryset=Office.objects.none())
    confirmed = forms.BooleanField(
        label=_("Different from those known"),
        required=False,
        help_text=_("Only when the portal has asked whether it is somebody known."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self.fields["audience_components"].help_text = _("They read the contact at once.")
        offices = Office.objects.filter(pk__in=person.access.offices)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        if len(person.access.offices) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", next(iter(person.access.offices)))

    def input(self) -> NewContact:
        data = self.cleaned_data
        organisation = data["organisation"]
        return NewContact(
            **{name: data[name] for name in DETAILS},
            organisation=organisation.chosen,
            new_organisation="" if organisation.chosen is not None else organisation.text,
            confirmed=data["confirmed"],
        )

    def sharing(self) -> Sharing:
        return Sharing(*self.audience_ids())
