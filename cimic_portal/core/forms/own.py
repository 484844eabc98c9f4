"""What people do on their own page: delegate a position, make a token for a program."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import Person, Position, Scope


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _day(label: Any, **options: Any) -> forms.DateField:
    """A day that has a morrow: a period ends when its last day does."""
    last = MaxValueValidator(date.max - timedelta(days=1), gettext_lazy("Check the year."))
    return forms.DateField(label=label, widget=_day_input(), validators=[last], **options)


def _begin(day: date) -> datetime:
    """The first moment of a day of the mission's calendar."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _today() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


class DelegateForm(forms.Form):
    """Whole days of the mission's calendar, both included; a first day of today begins at once."""

    delegate = forms.ModelChoiceField(queryset=Person.objects.none(), label=gettext_lazy("Who acts for you"))
    since = _day(gettext_lazy("First day"))
    until = _day(gettext_lazy("Last day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("For example “on leave”. Your delegate and your head can read it."),
    )

    def __init__(self, *args: Any, person: Person, position: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = _today()
        colleagues = Person.objects.colleagues_in(position.office.organisation_id).exclude(pk=person.pk)
        self.fields["delegate"].queryset = colleagues.order_by("family_name", "given_name")  # type: ignore[attr-defined]
        self.fields["delegate"].widget.attrs["data-pick"] = ""

    def clean_since(self) -> date:
        day: date = self.cleaned_data["since"]
        if day < _today():
            raise forms.ValidationError(_("A delegation begins today or later."))
        return day

    def period(self) -> dict[str, datetime]:
        """From and to, as moments."""
        first, last = self.cleaned_data["since"], self.cleaned_data["until"]
        since = timezone.now() if first == _today() else _begin(first)
        return {"since": since, "until": _begin(last + timedelta(days=1))}


class TokenForm(forms.Form):
    """A token for a program that acts as oneself."""

    name = forms.CharField(
        label=gettext_lazy("Where it is used"),
        max_length=80,
        help_text=gettext_lazy("For example “laptop Lorani”: so that you know later which one to end."),
    )
    scope = forms.TypedChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[
            (Scope.READ, gettext_lazy("Read what I may read")),
            (Scope.WRITE, gettext_lazy("Also enter and change records, as far as I may")),
            (Scope.CALENDAR, gettext_lazy("Read my calendar of sessions, nothing else")),
        ],
        coerce=Scope,
        widget=forms.RadioSelect,
        initial=Scope.READ,
    )
    last_day = _day(gettext_lazy("Last day"), help_text=gettext_lazy("At most one year from now."))

    def ends(self) -> datetime:
        """The end of the last day."""
        last: date = self.cleaned_data["last_day"]
        return _begin(last + timedelta(days=1))
