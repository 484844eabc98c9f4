"""What one says to ask for a SITREP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from cimic_portal.core.sharing.levels import KeyKind

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

LONGEST = timedelta(days=366)


def own_offices(person: Person) -> Any:
    """Offices whose records the person owns: their own, and those below where they are head."""
    owned = [key // 8 for key in person.access.keys if key % 8 == KeyKind.OWNER]
    return Office.objects.filter(pk__in=owned).select_related("organisation")


class SitrepForm(forms.Form):
    """Office, period and form; the last seven days are offered first."""

    office = forms.ModelChoiceField(
        label=_("Office"), queryset=Office.objects.none(), help_text=_("The offices below it are included.")
    )
    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(
        label=_("To"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("This day is included."),
    )
    form = forms.ChoiceField(
        label=_("As"),
        choices=[("pdf", _("PDF, to read and sign")), ("xlsx", _("Spreadsheet (XLSX), to work with"))],
        widget=forms.RadioSelect,
        initial="pdf",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = own_offices(person)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]
        today = timezone.localdate()
        self.initial.setdefault("office", next(iter(sorted(person.access.offices)), None))
        self.initial.setdefault("since", today - timedelta(days=6))
        self.initial.setdefault("last", today)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        since, last = data.get("since"), data.get("last")
        if isinstance(since, date) and isinstance(last, date):
            if last < since:
                self.add_error("last", _g("The last day lies before the first."))
            elif last - since > LONGEST:
                self.add_error("last", _g("A report covers a year at most."))
        return data
