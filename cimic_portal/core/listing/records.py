"""Filters by another record: an office, an organisation, an area, a contact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from cimic_portal.core.listing.filters import Choices, OfferingFilter, Reader
from cimic_portal.core.models import Area, Office, Organisation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person

M = TypeVar("M", bound=Model)

_LONGEST_KEY: Final = 24
# Deeper areas are too many for a menu; their P-code is taken all the same.
_AREA_LEVELS_OFFERED: Final = 2


class RecordFilter(OfferingFilter):
    """One other record: an office, an organisation, a contact.

    `rows(person)` are the ones offered, already scoped to the person; `key` is the field by which
    the address names one (`reference` for shared records). `beyond(person)` are further ones that
    an address may name and that are too many to offer. `match(rows, value, person)` narrows the
    list by the chosen key; by default `field_name__key = value`.
    """

    def __init__(
        self,
        field_name: str,
        rows: Callable[[Person], QuerySet[Any]],
        *,
        label: StrOrPromise,
        key: str = "pk",
        beyond: Callable[[Person], QuerySet[Any]] | None = None,
        match: Callable[[QuerySet[Any], str, Person], QuerySet[Any]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            field_name=field_name,
            label=label,
            choices=(),
            empty_label=gettext_lazy("Any"),
            **options,
        )
        self.rows, self.key, self.beyond, self.match = rows, key, beyond, match

    def _named(self, rows: Iterable[Any]) -> Choices:
        return [(str(getattr(row, self.key)), str(row)) for row in rows]

    def _further(self, person: Person, asked: str) -> Choices:
        assert self.beyond is not None
        try:
            return self._named(self.beyond(person).filter(**{self.key: asked}))
        except ValueError:  # not a number, where the key is one
            return []

    def offer(self, reader: Reader, name: str, asked: str) -> None:
        """Find the choices, with the one asked for when it is not among those offered."""
        choices = reader.choices(name, lambda: self._named(self.rows(reader.person)))
        if self.beyond is not None and _could_be_key(asked) and asked not in dict(choices):
            further = reader.choices(f"{name} {asked}", lambda: self._further(reader.person, asked))
            choices = [*choices, *further]
        self.extra["choices"] = choices
        self.extra["widget"] = forms.Select(attrs={"data-pick": ""}) if choices else forms.HiddenInput()

    def filter(self, qs: QuerySet[M], value: str) -> QuerySet[M]:
        if not value:
            return qs
        if self.match is not None:
            return self.match(qs, value, self.parent.reader.person)
        return qs.filter(**{f"{self.field_name}__{self.key}": value})


def _could_be_key(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_KEY and text.isprintable()


def _open_offices(person: Person) -> QuerySet[Any]:
    return Office.objects.filter(closed_on__isnull=True).select_related("organisation")


class OfficeFilter(RecordFilter):
    """The owner office of a record."""

    def __init__(self, field_name: str = "owner_office", *, label: StrOrPromise = "") -> None:
        super().__init__(field_name, _open_offices, label=label or gettext_lazy("Office"))


class AreaFilter(RecordFilter):
    """An area with everything below it, named by its P-code."""

    def __init__(self, field_name: str = "area", *, label: StrOrPromise = "") -> None:
        super().__init__(
            field_name,
            lambda _person: _areas().filter(level__lte=_AREA_LEVELS_OFFERED),
            label=label or gettext_lazy("Area"),
            key="pcode",
            beyond=lambda _person: _areas(),
            match=self.within,
        )

    def within(self, rows: QuerySet[Any], pcode: str, _person: Person) -> QuerySet[Any]:
        inside = Area.objects.within(Area.objects.get(pcode=pcode))
        return rows.filter(**{f"{self.field_name}__in": inside.values("pk")})


def _areas() -> QuerySet[Any]:
    return Area.objects.order_by("level", "name")


class OrganisationFilter(RecordFilter):
    """An organisation that is met or works with the mission."""

    def __init__(
        self,
        field_name: str = "organisation",
        *,
        label: StrOrPromise = "",
        match: Callable[[QuerySet[Any], str, Person], QuerySet[Any]] | None = None,
    ) -> None:
        super().__init__(
            field_name,
            lambda _person: _organisations().filter(is_archived=False),
            label=label or gettext_lazy("Organisation"),
            beyond=lambda _person: _organisations(),
            match=match,
        )


def _organisations() -> QuerySet[Any]:
    return Organisation.objects.order_by("name")
