"""The form of an organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import OrganisationKind


class OrganisationForm(forms.Form):
    """What everyone may know of a body that is met."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.MISSION],
        initial=OrganisationKind.OTHER,
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("Email"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")


class NewOrganisationForm(OrganisationForm):
    confirmed = forms.BooleanField(label=_("A different organisation from those named"), required=False)
