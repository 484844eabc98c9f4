"""Filters by time, in days of the mission's calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

M = TypeVar("M", bound=Model)

# Beyond these a day of the calendar is a slip of the hand.
_FIRST_DAY: Final = date(1990, 1, 1)
_LAST_DAY: Final = date(2199, 12, 31)


class _DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d",)

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validators=[
                MinValueValidator(_FIRST_DAY, gettext_lazy("Give a day from 1990 on.")),
                MaxValueValidator(_LAST_DAY, gettext_lazy("Give a day before 2200.")),
            ],
            **options,
        )


def start_of(day: date) -> datetime:
    """The first moment of a day of the mission's calendar."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


class _DayFilter(django_filters.Filter):
    field_class = _DayField

    def __init__(self, field_name: str, *, of_days: bool = False, label: StrOrPromise) -> None:
        super().__init__(field_name=field_name, label=label)
        self.of_days = of_days

    def edge(self, day: date) -> date | datetime:
        """The day itself for a field of days, else its first moment."""
        return day if self.of_days else start_of(day)


class SinceFilter(_DayFilter):
    """From a day on. `of_days` for a field that holds days, not moments."""

    def __init__(self, field_name: str, *, of_days: bool = False, label: StrOrPromise = "") -> None:
        super().__init__(field_name, of_days=of_days, label=label or gettext_lazy("Since"))

    def filter(self, qs: QuerySet[M], value: date | None) -> QuerySet[M]:
        return qs.filter(**{f"{self.field_name}__gte": self.edge(value)}) if value else qs


class UntilFilter(_DayFilter):
    """Up to a day, that day included."""

    def __init__(self, field_name: str, *, of_days: bool = False, label: StrOrPromise = "") -> None:
        super().__init__(field_name, of_days=of_days, label=label or gettext_lazy("Until"))

    def filter(self, qs: QuerySet[M], value: date | None) -> QuerySet[M]:
        return qs.filter(**{f"{self.field_name}__lt": self.edge(value + timedelta(days=1))}) if value else qs


class WithinFilter(django_filters.ChoiceFilter):
    """The last so many days, counted anew each time: what a saved filter needs where a date grows old."""

    def __init__(self, field_name: str, *, label: StrOrPromise = "") -> None:
        days = [
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
        ]
        super().__init__(
            field_name=field_name,
            label=label or gettext_lazy("The last"),
            choices=[*days, ("90", gettext_lazy("90 days")), ("365", gettext_lazy("12 months"))],
            empty_label=gettext_lazy("Any time"),
        )

    def filter(self, qs: QuerySet[M], value: str) -> QuerySet[M]:
        if not value:
            return qs
        first = timezone.localdate(timezone=timezone.get_default_timezone()) - timedelta(days=int(value))
        return qs.filter(**{f"{self.field_name}__gte": start_of(first)})
