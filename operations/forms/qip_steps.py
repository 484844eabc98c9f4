"""Forms of the steps of a quick impact project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Classification
from operations.forms.qip import MOST_PEOPLE, amount, day
from operations.models import QipMilestone, VoteChoice
from operations.policies.qip import seats_open_to
from operations.services.qip_inputs import Completion, PaymentInput

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Qip


def _reason(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea({"rows": 3}), **options)


class VoteForm(forms.Form):
    """For, against or abstain, with the reason; for which seat, where the person has several."""

    position = forms.TypedChoiceField(label=_("As"), coerce=int)
    choice = forms.ChoiceField(label=_("Vote"), choices=VoteChoice.choices, widget=forms.RadioSelect)
    reason = _reason(_("Reason"))

    def __init__(self, *args: Any, person: Person, record: Qip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = [(vote.position_id, str(vote.position)) for vote in seats_open_to(person, record)]
        self.fields["position"].choices = seats  # type: ignore[attr-defined]
        if len(seats) == 1:
            self.fields["position"].widget = forms.HiddenInput()
            self.initial.setdefault("position", seats[0][0])


class ApproveForm(forms.Form):
    """The amount that is approved; a reason where it is less than the budget."""

    amount = amount(_("Approved amount"))
    reason = _reason(_("Reason"), required=False, help_text=_("Needed when it is less than the budget."))

    def __init__(self, *args: Any, person: Person, record: Qip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("In %(currency)s; the budget is %(budget)s.") % {
            "currency": record.currency,
            "budget": record.budget,
        }
        self.initial.setdefault("amount", record.budget)


class PaymentForm(forms.Form):
    """A payment as its voucher says."""

    paid_on = day(_("Paid on"), initial=timezone.localdate)
    amount = amount(_("Amount"))
    voucher = forms.CharField(label=_("Voucher number"), max_length=60)
    milestone = forms.TypedChoiceField(
        label=_("For which milestone"), coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, person: Person, record: Qip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = QipMilestone.objects.visible_to(person).filter(qip=record)
        offered = [("", _("None in particular")), *((row.pk, row.what) for row in rows)]
        self.fields["milestone"].choices = offered  # type: ignore[attr-defined]
        self.fields["amount"].help_text = record.currency

    def clean(self) -> dict[str, Any]:
        """One value, as the service takes it."""
        data = self.cleaned_data
        return data if self.errors else {"data": PaymentInput(**data)}


class CompletionForm(forms.Form):
    """The completion report."""

    completed_on = day(_("Completed on"), initial=timezone.localdate)
    result = forms.CharField(
        label=_("What was achieved"), max_length=8000, widget=forms.Textarea({"rows": 5})
    )
    reached_count = forms.IntegerField(
        label=_("People reached"), min_value=0, required=False, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    handed_to = forms.CharField(
        label=_("Handed over to"), max_length=200, help_text=_("Who keeps it up from now on.")
    )
    lessons = forms.CharField(
        label=_("What to do otherwise next time"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """One value, as the service takes it."""
        data = self.cleaned_data
        return data if self.errors else {"data": Completion(**data)}


class MilestoneDoneForm(forms.Form):
    """That a milestone was reached, and how one sees it."""

    done_on = day(_("Done on"), initial=timezone.localdate)
    note = forms.CharField(label=_("What there is to be seen"), max_length=300)


class PhotoForm(forms.Form):
    """A photo of the project."""

    file = forms.FileField(
        label=_("Photo"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP. The place, the time and the camera noted inside are dropped."),
    )
    caption = forms.CharField(
        label=_("Caption"), max_length=200, help_text=_("What it shows. Name nobody who did not agree to it.")
    )
    classification = forms.TypedChoiceField(label=_("Classification"), coerce=int)

    def __init__(self, *args: Any, person: Person, record: Qip, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [
            (level.value, level.label)
            for level in Classification
            if record.classification <= level <= person.clearance
        ]
        self.fields["classification"].choices = levels  # type: ignore[attr-defined]
