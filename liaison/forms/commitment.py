"""How a promise ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from liaison.models import CommitmentState
from liaison.services.commitment import SETTLED


class SettleForm(forms.Form):
    state = forms.ChoiceField(
        label=_("How it ended"),
        choices=[(state.value, state.label) for state in CommitmentState if state in SETTLED],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Needed when it was not kept.")
    )
