"""Opening a record to someone, ending that, and changing its circle of readers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.audience import AudienceMixin
from cimic_portal.core.forms.pick import PickField
from cimic_portal.core.models import Person
from cimic_portal.core.sharing.grants import grants_of

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord

USUAL = timedelta(days=14)


def _reason() -> forms.CharField:
    return forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class GrantForm(forms.Form):
    """Who may read this one record, until when, and why."""

    to = PickField(reverse_lazy("everyone_pick"), text="family_name", label=_("Who"))
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("The last day on which they may read it."),
    )
    reason = _reason()

    def __init__(self, *args: Any, person: Person, record: SharedRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Person.objects.posted().exclude(pk=person.pk)  # type: ignore[attr-defined]
        self.initial["until"] = timezone.localdate() + USUAL

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        until = data.pop("until", None)
        if until is not None:
            data["expires_at"] = timezone.make_aware(datetime.combine(until, time.max))
        picked = data.get("to")
        if picked is not None:
            data["to"] = picked.chosen
        return data


class RevokeForm(forms.Form):
    """Which grant ends, and why."""

    given = forms.ChoiceField(label=_("Whose reading ends"), widget=forms.RadioSelect)
    reason = _reason()

    def __init__(self, *args: Any, person: Person, record: SharedRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grants = {str(one.pk): one for one in grants_of(record)}
        field = self.fields["given"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(pk, f"{one.named} ({one.expires_at:%d %b %Y})") for pk, one in self.grants.items()]

    def clean_given(self) -> Any:
        return self.grants[self.cleaned_data["given"]]


class ReshareForm(AudienceMixin):
    """Level and audience anew, with the reason."""

    reason = _reason()

    def __init__(self, *args: Any, person: Person, record: SharedRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.for_person(person)
        self.fields["audience_components"].help_text = ""
        self.initial.update(
            classification=record.classification,
            audience_components=record.audience_components,
            audience_organisations=record.audience_organisations,
        )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        organisations = data.pop("audience_organisations", ())
        data["components"] = data.pop("audience_components", [])
        data["organisations"] = [organisation.pk for organisation in organisations]
        return data
