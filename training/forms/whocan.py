"""The question who can do a task."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office
from cimic_portal.core.sharing.levels import Classification
from training.models import Course
from training.readiness.whocan import Wanted

if TYPE_CHECKING:
    from training.readiness.people import Tree

# Nobody plans for longer with certificates that last so long.
LONGEST = timedelta(days=366)
LATEST = timedelta(days=2 * 366)


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class WhoCanForm(forms.Form):
    """What the task asks; sent by address, so that the question can be passed on."""

    courses = forms.ModelMultipleChoiceField(
        label=_("Qualified in all of"),
        queryset=Course.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-pick": ""}),
    )
    languages = forms.CharField(
        label=_("Speaks"),
        max_length=80,
        required=False,
        help_text=_("One or several, such as “French Carani”."),
    )
    since = _day_field(_("From"))
    until = _day_field(_("To"))
    clearance = forms.TypedChoiceField(
        label=_("Cleared for"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=Classification.choices,
    )
    office = forms.TypedChoiceField(label=_("Of the office"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, tree: Tree, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courses"].queryset = Course.objects.offered()  # type: ignore[attr-defined]
        offered = [
            (pk, f"{'– ' * depth}{tree.offices[pk]}")
            for pk, depth in tree.walk()
            if tree.offices[pk].organisation_id in organisations
        ]
        self.fields["office"].choices = [("", _now("Any office, with all below it")), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = days_asked(data.get("since"), data.get("until"))
        for field, words in days_problems(since, until).items():
            if field not in self.errors:
                self.add_error(field, words)
        data["since"], data["until"] = since, until
        return data

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            courses=list(data["courses"]),
            since=data["since"],
            until=data["until"],
            languages=data["languages"],
            clearance=data["clearance"] or Classification.UNCLASSIFIED,
            office=Office.objects.filter(pk=data["office"]).first() if data["office"] else None,
        )


def days_asked(since: date | None, until: date | None) -> tuple[date, date]:
    """Tomorrow where nothing is said; a single day where only one is."""
    first = since or until or timezone.localdate() + timedelta(days=1)
    return first, until or first


def days_problems(since: date, until: date) -> dict[str, str]:
    """What is wrong with the days, by field."""
    today = timezone.localdate()
    if until < since:
        return {"until": _now("The last day lies before the first.")}
    if since < today:
        return {"since": _now("This day has passed. Ask from today on.")}
    if until > today + LATEST:
        return {"until": _now("This lies more than two years ahead. Check the year.")}
    if until - since > LONGEST:
        return {"until": _now("Ask for a year at most.")}
    return {}
