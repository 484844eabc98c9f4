"""The declaration of a list, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.listing.columns import ListColumn, Sort, Tab
from cimic_portal.core.listing.filters import ListFilter
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.querysets import ScopedQuerySet
from cimic_portal.core.sharing.records import Part, SharedRecord

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person

_register: dict[str, Listing] = {}


def _none(_person: Person) -> Sequence[Mapping[str, object]]:
    return ()


def _own_page(row: Any) -> str:
    address = getattr(row, "get_absolute_url", None)
    return address() if address is not None else ""


def _no_others(_row: Any) -> Iterable[SharedRecord]:
    return ()


def _as_they_are(rows: QuerySet[Any], _person: Person) -> QuerySet[Any]:
    return rows


@dataclass(frozen=True)
class Listing:
    """A list of one noun: all that page, fragment, API and files need to know.

    name: in addresses, saved filters and file names. Rows are always those the person may see.
    sorts: by name; `?sort=when` is one as declared, `?sort=-when` its reverse; default_sort likewise.
    link: the page of a row, by default its own; empty for none.
    names: the other shared records that a row shows, already scoped by `prepare`; they count for the
    classification of the page and are logged as read.
    narrow: what belongs in the list at all (no archived ones). prepare: joins and prefetches for a
    page or a batch, never a filter; a prefetch of shared records is scoped to the person.
    actions: buttons beside the title, as `components/actions.html` takes them.
    nothing_yet, nothing_yet_help: the empty state of a list that has no rows at all.
    """

    name: str
    model: type[Model]
    _: KW_ONLY
    title: StrOrPromise
    columns: Sequence[ListColumn]
    filters: type[ListFilter]
    sorts: Mapping[str, Sort]
    default_sort: str
    tabs: Sequence[Tab] = ()
    link: Callable[[Any], str] = _own_page
    names: Callable[[Any], Iterable[SharedRecord]] = _no_others
    narrow: Callable[[QuerySet[Any], Person], QuerySet[Any]] = _as_they_are
    prepare: Callable[[QuerySet[Any], Person], QuerySet[Any]] = _as_they_are
    actions: Callable[[Person], Sequence[Mapping[str, object]]] = _none
    nothing_yet: StrOrPromise = ""
    nothing_yet_help: StrOrPromise = ""

    def __post_init__(self) -> None:
        if _register.setdefault(self.name, self) is not self:
            raise ProgrammingMistakeError(f"Two lists are called {self.name}.")

    def visible_to(self, person: Person) -> QuerySet[Any]:
        """Every row of the list that this person may see."""
        rows = self.model._default_manager.all()
        if isinstance(rows, ScopedQuerySet):
            return self.narrow(rows.visible_to(person), person)
        if getattr(self.model, "sharing", "") != "reference":
            raise ProgrammingMistakeError(f"{self.model.__name__} is neither shared nor reference.")
        return self.narrow(rows if person.access.held else rows.none(), person)

    @property
    def mark(self) -> str:
        """The word of warning in the band above the list; empty where its records carry none."""
        return getattr(self.model, "mark", "")

    def records_in(self, row: Any) -> list[SharedRecord]:
        """The shared records that a row shows: itself or what it is a part of, and what it names."""
        own = row
        while isinstance(own, Part):
            own = getattr(own, own.part_of)
        return [*([own] if isinstance(own, SharedRecord) else ()), *self.names(row)]

    def level_of(self, rows: Iterable[Any]) -> int:
        """The highest classification among what these rows show."""
        levels = (record.classification for row in rows for record in self.records_in(row))
        return max(levels, default=Classification.UNCLASSIFIED)


def all_listings() -> list[Listing]:
    """Every list of the portal, by name."""
    return [_register[name] for name in sorted(_register)]


def listing_named(name: str) -> Listing | None:
    return _register.get(name)
