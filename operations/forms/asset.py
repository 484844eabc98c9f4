"""Forms of an asset, and of what happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Office, Place, Position
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.sharing.levels import Component
from operations.models import AssetKind, CapacityUnit
from operations.services.asset_inputs import AssetInput

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Asset

MOST_PIECES = 30_000
_SAME_NAME = ("name", "kind", "number", "capabilities", "quantity", "capacity", "capacity_unit", "languages")
_SAME = (*_SAME_NAME, "home", "decider", "conditions")


class AssetForm(AudienceMixin):
    """What it is, what it can do, where it stands, who decides on requests, who may see it."""

    office = forms.ModelChoiceField(label=_("Held by the office"), queryset=Office.objects.none())
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people call it on the radio."))
    kind = forms.ModelChoiceField(label=_("Kind"), queryset=AssetKind.objects.none())
    number = forms.CharField(label=_("Registration or call sign"), max_length=40, required=False)
    capabilities = forms.CharField(
        label=_("What it can do"),
        max_length=400,
        required=False,
        help_text=_("Words separated by commas, such as “troop transport, winch, off-road”."),
    )
    quantity = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=MOST_PIECES,
        initial=1,
        help_text=_("It is booked as a whole. Enter what is lent one by one as assets of their own."),
    )
    capacity = forms.DecimalField(
        label=_("Capacity"), min_value=0, max_digits=9, decimal_places=1, required=False
    )
    capacity_unit = forms.ChoiceField(
        label=_("Measured in"), choices=[("", "–"), *CapacityUnit.choices], required=False
    )
    languages = forms.CharField(
        label=_("Languages"), max_length=200, required=False, help_text=_("Of translators and of teams.")
    )
    home = PickField(reverse_lazy("place_pick"), label=_("Home place"), required=False)
    decider = forms.ModelChoiceField(
        label=_("Decides on requests"),
        queryset=Position.objects.none(),
        required=False,
        empty_label=_("Head of the office"),
    )
    conditions = forms.CharField(
        label=_("Conditions of use"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Notice needed, crew, fuel, what it must not be used for."),
    )

    def __init__(self, *args: Any, person: Person, asset: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self.fields["audience_components"].help_text = _(
            "They see the asset and when it is free, and may ask for it."
        )
        offices = Office.objects.filter(pk__in=person.access.offices)
        if asset is not None:
            offices = Office.objects.filter(pk=asset.owner_office_id)
            for name in ("office", "classification", "audience_components", "audience_organisations"):
                self.fields[name].disabled = True
        self._choose("office", offices)
        self._choose("kind", AssetKind.objects.filter(is_archived=False))
        self._choose("home", Place.objects.filter(is_archived=False))
        posts = Position.objects.filter(office__in=offices, is_archived=False)
        self._choose("decider", posts.select_related("office"))
        only = list(offices[:2])
        if len(only) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.initial.setdefault("office", only[0])

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def input(self) -> AssetInput:
        """What was entered, for the services. Call after `is_valid()`."""
        data = {name: self.cleaned_data[name] for name in _SAME_NAME}
        return AssetInput(
            **data,
            home=self.cleaned_data["home"].chosen,
            decider=self.cleaned_data["decider"],
            conditions=self.cleaned_data["conditions"],
            sharing=Sharing(*self.audience_ids()),
        )


def asset_values(asset: Asset) -> dict[str, Any]:
    """What stands, as initial values of the form."""
    names = ("classification", "audience_components", "audience_organisations")
    return {**{name: getattr(asset, name) for name in (*_SAME, *names)}, "office": asset.owner_office}


class BlockForm(forms.Form):
    """A time in which it cannot be booked."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"), required=False, help_text=_("Empty: until further notice."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("Everybody who may see the asset reads it, for example “500-hour service”."),
    )


class UnblockForm(forms.Form):
    """Why it can be booked again."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RepairForm(forms.Form):
    """What is wrong, and when it is expected back."""

    reason = forms.CharField(label=_("What is wrong"), max_length=2000)
    back_at = MomentField(label=_("Expected back"), required=False, help_text=_("Empty: not known yet."))


class LoadForm(forms.Form):
    """Which assets the page of loads shows, and from which week on."""

    since = forms.DateField(
        label=_("From the week of"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    kind = forms.ModelChoiceField(
        label=_("Kind"), queryset=AssetKind.objects.none(), required=False, empty_label=_("Every kind")
    )
    component = forms.TypedChoiceField(
        label=_("Component"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Every component")), *Component.choices],
    )
    office = forms.ModelChoiceField(
        label=_("Held by"), queryset=Office.objects.none(), required=False, empty_label=_("Every office")
    )
    use = forms.ChoiceField(
        label=_("Use"),
        required=False,
        choices=[("", _("Any use")), ("over", _("Over-used")), ("under", _("Under-used"))],
    )

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.queryset = AssetKind.objects.all()
        held: Any = self.fields["office"]
        held.queryset = offices
