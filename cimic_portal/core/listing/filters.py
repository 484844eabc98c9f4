"""Filters of lists: plain fields of what the reader sees, and nothing else.

A filter never reaches through a hidden record: choices of shared records are the ones that the
reader may see, and a value outside the choices gets the same words whether it exists or not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person

M = TypeVar("M", bound=Model)
Choices = list[tuple[str, str]]

_MOST_WORDS: Final = 8
_ON, _OFF = ("1", "on", "true"), ("", "0", "off", "false")


class Reader:
    """Who filters, and the choices offered to them: read once for the form and every saved filter.

    `by_form`: they choose in a form. A program or a file is offered nothing; what it asks for is found.
    """

    def __init__(self, person: Person, *, by_form: bool = True) -> None:
        self.person, self.by_form = person, by_form
        self._choices: dict[str, Choices] = {}

    def choices(self, name: str, find: Callable[[], Choices]) -> Choices:
        if name not in self._choices:
            self._choices[name] = find()
        return self._choices[name]


class OfferingFilter(django_filters.ChoiceFilter):
    """A filter whose choices depend on the reader."""

    def offer(self, reader: Reader, name: str, asked: str) -> None:
        """Find the choices for this reader; `asked` is what the address asks for, unchecked."""
        raise NotImplementedError


class ListFilter(django_filters.FilterSet):
    """The filters of one list, for one reader. Declare filters as class attributes.

    The first `front` of them stand in the line above the list, the others under "More".
    """

    front: ClassVar[int] = 5

    def __init__(self, data: MultiValueDict[str, str], queryset: QuerySet[Any], *, reader: Reader) -> None:
        super().__init__(data=data, queryset=queryset)
        # django-filter takes an empty dict for "none given".
        self.data = data
        self.reader = reader
        for name, wanted in self.filters.items():
            asked = data.get(name) or ""
            if isinstance(wanted, OfferingFilter) and (asked or reader.by_form):
                wanted.offer(reader, name, asked)

    def has_too_many(self, name: str, values: Sequence[str]) -> bool:
        """Whether several values were given for a filter that takes one."""
        wanted = self.filters.get(name)
        return wanted is not None and not isinstance(wanted, OneOfFilter) and len(values) > 1

    def names(self) -> set[str]:
        """The parameters that this list takes."""
        return set(self.filters)

    def narrowed(self) -> QuerySet[Any]:
        """The rows that match. Nothing when a value cannot be read: never a wider list."""
        rows: QuerySet[Any] = self.filter_queryset(self.queryset) if self.is_valid() else self.queryset.none()
        return rows


class OneOfFilter(django_filters.MultipleChoiceFilter):
    """One or several of fixed values: `?state=draft&state=returned` means either."""

    def __init__(self, field_name: str, choices: Any, *, label: StrOrPromise, **options: Any) -> None:
        super().__init__(
            field_name=field_name,
            choices=choices,
            label=label,
            widget=forms.CheckboxSelectMultiple,
            **options,
        )
        self.always_filter = False

    def filter(self, qs: QuerySet[M], value: list[str]) -> QuerySet[M]:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class Checkbox(forms.CheckboxInput):
    """A tick box that hands on what stands in the address, so that nonsense is told, not guessed."""

    def __init__(self) -> None:
        super().__init__(check_test=lambda value: value in _ON)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name, "")


class TickField(forms.Field):
    """Yes when ticked; `1` in addresses."""

    widget = Checkbox

    def clean(self, value: Any) -> bool:
        if value not in _ON and value not in _OFF:
            raise forms.ValidationError(_("Write 1 for yes, or leave it out."), code="invalid")
        return value in _ON


class TickFilter(django_filters.Filter):
    """A tick box that narrows: `match(rows, person)` when it is on."""

    field_class = TickField

    # Any: each list has a queryset of its own, with named filters.
    def __init__(self, match: Callable[[Any, Person], QuerySet[Any]], *, label: StrOrPromise) -> None:
        super().__init__(label=label)
        self.match = match

    def filter(self, qs: QuerySet[M], value: bool) -> QuerySet[M]:
        return self.match(qs, self.parent.reader.person) if value else qs


def _few_words(value: str) -> None:
    if len(value.split()) > _MOST_WORDS:
        raise forms.ValidationError(_("Use at most %(most)s words.") % {"most": _MOST_WORDS})


class SearchFilter(django_filters.CharFilter):
    """Words, each of which must stand in one of the fields; letter case does not matter."""

    def __init__(self, *fields: str, label: StrOrPromise = "") -> None:
        super().__init__(label=label or gettext_lazy("Words"), max_length=120, validators=[_few_words])
        self.fields = fields

    def filter(self, qs: QuerySet[M], value: str) -> QuerySet[M]:
        for word in value.split() if value else ():
            found = Q()
            for name in self.fields:
                found |= Q(**{f"{name}__icontains": word})
            qs = qs.filter(found)
        return qs


def unknown_words(name: str) -> str:
    """What is said about a parameter that the list does not take."""
    return _("This list has no filter called “%(name)s”.") % {"name": name[:40]}
