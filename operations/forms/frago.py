"""Forms of a FRAGO and of acknowledgements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from operations.models import Acknowledgement

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation


class FragoForm(forms.Form):
    """What changes, and why."""

    title = forms.CharField(
        label=_("What changes"), max_length=200, help_text=_("One line, as the order will be quoted.")
    )
    reason = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class RecordAcknowledgementForm(forms.Form):
    """The word of a participant without people in the portal."""

    acknowledgement = forms.ModelChoiceField(label=_("Whose word"), queryset=Acknowledgement.objects.none())
    how = forms.CharField(
        label=_("How the word came"),
        max_length=200,
        help_text=_("By whose letter, in which call, on which day."),
    )

    def __init__(self, *args: Any, person: Person, record: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Acknowledgement.objects.visible_to(person).pending().filter(operation=record)
        silent = asked.filter(position__isnull=True).select_related("office", "organisation")
        self.fields["acknowledgement"].queryset = silent.order_by("pk")  # type: ignore[attr-defined]
