"""What one reader asked of one list: checked, filtered, ordered, counted, paged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from cimic_portal.core.counting import COUNT_CAP, Count, capped_counts
from cimic_portal.core.listing.batches import in_batches
from cimic_portal.core.listing.columns import Query, Sort
from cimic_portal.core.listing.declaration import Listing
from cimic_portal.core.listing.filters import Reader, TickField, unknown_words
from cimic_portal.core.paging import PAGE_SIZE, CursorError, Keyset, Page, binding

if TYPE_CHECKING:
    from django import forms

    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

SORT, CURSOR = "sort", "cursor"
TAB_CAP = 99
Parameters = MultiValueDict[str, str]


class Selection:
    """A list as one person asked for it.

    A value that cannot be read, or a filter that the list does not have, is told at the filter and
    the list is empty: never wider than what was meant. `joins`: links shown beside the columns.
    """

    def __init__(
        self,
        listing: Listing,
        person: Person,
        query: Parameters | Query,
        *,
        also: Sequence[str] = (),
        reader: Reader | None = None,
        joins: Sequence[str] = (),
    ) -> None:
        self.listing, self.person, self.joins = listing, person, joins
        self.query = _parameters(query)
        self.reader = reader or Reader(person)
        self.visible = listing.visible_to(person)
        self.filterset = listing.filters(self.query, self.visible, reader=self.reader)
        self.sort_name = self.query.get(SORT) or listing.default_sort
        self._note_unknown({SORT, CURSOR, *also})

    def _note_unknown(self, known: set[str]) -> None:
        self.form.full_clean()
        for name, values in self.query.lists():
            if self.filterset.has_too_many(name, values):
                self.form.add_error(name, _("Give one value here."))
            elif name not in known and name not in self.filterset.names():
                self.form.add_error(None, unknown_words(name))
        if self.sort_name.removeprefix("-") not in self.listing.sorts:
            self.form.add_error(None, _("This list has no such order."))

    def beside(self, query: Parameters | Query) -> Selection:
        """The same list with other filters, for the same reader: a tab."""
        return Selection(self.listing, self.person, query, reader=self.reader)

    @property
    def form(self) -> forms.Form:
        """The filters as a form, with what is wrong beside each."""
        form: forms.Form = self.filterset.form
        # The page may hold another form with a field of that name.
        form.auto_id = "filter_%s"
        return form

    @property
    def problems(self) -> dict[str, list[str]]:
        """What cannot be read, by parameter; `sort` and unknown ones under an empty name."""
        return {
            "" if name == "__all__" else name: [str(message) for message in messages]
            for name, messages in self.form.errors.items()
        }

    def asked(self) -> list[tuple[str, str]]:
        """The filters that are on, as parameters in a fixed order."""
        names = self.filterset.names()
        return sorted(
            (name, value) for name, values in self.query.lists() for value in values if name in names
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        return bool(self.asked())

    def words(self) -> str:
        """The filters that are on, in words: `State: Draft, Returned · Since: 2026-10-23`."""
        lines = []
        for name, field in self.form.fields.items():
            values = self.query.getlist(name)
            if not values:
                continue
            labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            shown = ", ".join(labels.get(value, value) for value in values)
            lines.append(str(field.label) if isinstance(field, TickField) else f"{field.label}: {shown}")
        return " · ".join(lines)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every matching row, in no order, not prepared for showing."""
        return self.visible.none() if self.form.errors else self.filterset.narrowed()

    @property
    def sort(self) -> Sort:
        name = self.sort_name.removeprefix("-")
        return self.listing.sorts.get(name) or self.listing.sorts[self.listing.default_sort.removeprefix("-")]

    @property
    def sort_words(self) -> str:
        return str(self.sort.turned if self.sort_name.startswith("-") else self.sort.words)

    @cached_property
    def keyset(self) -> Keyset[Any]:
        ordering = self.sort.ordering(reverse=self.sort_name.startswith("-"))
        return Keyset(self.rows, ordering, prepare=self._prepared, within=self.visible)

    def _prepared(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        prepared = self.listing.prepare(rows, self.person)
        return prepared.select_related(*self.joins) if self.joins else prepared

    @cached_property
    def _binding(self) -> str:
        return binding(self.person.pk, f"{self.listing.name} {self.sort_name}", self.asked())

    def counts(self, others: Sequence[Selection] = ()) -> tuple[Count, list[Count]]:
        """How many rows match (up to 10,000), and each of the others (up to 99), in one statement."""
        wanted = [(self.rows, COUNT_CAP), *((other.rows, TAB_CAP) for other in others)]
        first, *rest = capped_counts(wanted)
        return first, rest

    def page(self, count: Count, *, size: int = PAGE_SIZE) -> Page[Any]:
        """The page that the cursor asks for. Raises CursorError when the cursor does not fit."""
        position = self.keyset.unseal(self.query.get(CURSOR, ""), self._binding)
        return self.keyset.page(position, size, few=not count.capped)

    def first_page(self, count: Count, *, size: int = PAGE_SIZE) -> Page[Any]:
        return self.keyset.page(None, size, few=not count.capped)

    def records_in(self, rows: Iterable[Any]) -> Iterator[SharedRecord]:
        """The shared records that these rows show, for the log of reads."""
        return (record for row in rows for record in self.listing.records_in(row))

    def cursors(self, page: Page[Any]) -> tuple[str, str]:
        """The cursors of the page before and the page after; empty for none."""
        return self.keyset.seal(page.previous, self._binding), self.keyset.seal(page.next, self._binding)

    def shown_page(self, count: Count, *, size: int = PAGE_SIZE) -> tuple[Page[Any], str]:
        """The page for people: with a cursor that does not fit, the first page and the reason."""
        try:
            return self.page(count, size=size), ""
        except CursorError as error:
            return self.first_page(count, size=size), error.message

    def stream(self, count: Count, *, batch: int = 2_000) -> Iterator[Any]:
        """Every matching row in order, read in batches from one statement: one snapshot, constant memory.

        Call inside a transaction, which keeps the database's cursor open.
        """
        rows = self._prepared(self.keyset.ordered(few=not count.capped))
        return chain.from_iterable(in_batches(rows, batch))


def _parameters(query: Parameters | Query) -> Parameters:
    """Every value of every parameter; empty ones say nothing (forms send them) and are left out."""
    named = query.lists() if isinstance(query, MultiValueDict) else query.items()
    kept = {
        name: [value for value in ([values] if isinstance(values, str) else values) if value]
        for name, values in named
    }
    return MultiValueDict({name: values for name, values in kept.items() if values})
