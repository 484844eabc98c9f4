"""What one says to ask for a SITREP of an operation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.forms.moment import MomentField
from cimic_portal.core.models import Office

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

LONGEST = timedelta(days=366)


class OperationSitrepForm(forms.Form):
    """Period, form and office; the last 24 hours are offered first."""

    since = MomentField(label=_("From"))
    until = MomentField(label=_("To"))
    office = forms.ModelChoiceField(
        label=_("For the office"),
        queryset=Office.objects.none(),
        help_text=_("It owns the document; its releasing position can release a copy to others."),
    )
    form = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", _("PDF, to read and sign")), ("xlsx", _("Spreadsheet (XLSX), to work with"))],
        widget=forms.RadioSelect,
        initial="pdf",
    )

    def __init__(self, data: Any = None, *, person: Person, operation: Operation) -> None:
        until = timezone.localtime().replace(second=0, microsecond=0)
        if operation.completed_at is not None:
            until = min(until, timezone.localtime(operation.completed_at))
        offices = sorted(person.access.offices)
        initial = {"since": until - timedelta(days=1), "until": until, "office": next(iter(offices), None)}
        super().__init__(data, initial=initial)
        field: Any = self.fields["office"]
        field.queryset = Office.objects.filter(pk__in=offices).select_related("organisation")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until <= since:
            self.add_error("until", _g("The end lies before the start."))
        elif since and until and until - since > LONGEST:
            self.add_error("until", _g("A report covers a year at most."))
        return data
