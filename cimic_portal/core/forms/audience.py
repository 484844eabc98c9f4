"""Classification and audience in a form: who may read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation, Person
from cimic_portal.core.services.audience import default_audience
from cimic_portal.core.sharing.levels import Classification, Component


def signing_organisations() -> Any:
    """Partner organisations whose people sign in: the ones an audience can name."""
    return Organisation.objects.filter(is_archived=False, is_mission=False, offices__isnull=False).distinct()


def partner_name(organisation: Organisation) -> str:
    """The whole name: initials are known to those only who work with them."""
    short, name = organisation.short_name, organisation.name
    return f"{name} ({short})" if short and short != name else str(name)


class PartnersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Partners by their whole name."""

    def label_from_instance(self, organisation: Any) -> str:
        return partner_name(organisation)


class AudienceMixin(forms.Form):
    """Three fields that every shared record's form carries."""

    classification = forms.TypedChoiceField(
        label=_("Classification"),
        choices=Classification.choices,
        coerce=int,
        initial=Classification.UNCLASSIFIED,
    )
    audience_components = forms.TypedMultipleChoiceField(
        label=_("Components that may read"),
        choices=Component.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Once it is released or issued. Drafts are for the author and the owner office."),
    )
    audience_organisations = PartnersField(
        label=_("Partner organisations that may read"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def for_person(self, person: Person) -> None:
        """Offer only levels up to the person's clearance."""
        field = self.fields["classification"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(c.value, c.label) for c in Classification if c <= person.clearance]
        organisations = self.fields["audience_organisations"]
        assert isinstance(organisations, forms.ModelMultipleChoiceField)
        organisations.queryset = signing_organisations()

    def audience_ids(self) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
        """(classification, components, organisations) as cleaned."""
        data = self.cleaned_data
        return (
            data["classification"],
            tuple(data["audience_components"]),
            tuple(organisation.pk for organisation in data["audience_organisations"]),
        )


def first_values(person: Person) -> dict[str, Any]:
    """What a new shared record's form offers first: the person's office and its default audience."""
    office = Office.objects.filter(pk__in=person.access.offices).order_by("pk").first()
    if office is None:
        return {}
    components, organisations = default_audience(person, office)
    return {"office": office, "audience_components": components, "audience_organisations": organisations}
