"""What a list shows: its columns, its orders, its tabs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

from django.db.models import Model
from django.utils.translation import get_language

from cimic_portal.core.ordering import By, by
from cimic_portal.core.paper.cells import Column, Kind
from cimic_portal.core.sharing.levels import Classification, Component

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person

# How a value is drawn on the page. In files every value is written by its `kind`.
Cell = Literal["text", "short", "moment", "day", "number", "state", "sharing", "component"]

_CELL_OF_KIND: dict[Kind, Cell] = {
    "moment": "moment",
    "date": "day",
    "integer": "number",
    "decimal": "number",
}


@dataclass(frozen=True)
class ListColumn:
    """One column, on the page and in files.

    key: attribute of the row (a path with dots), and the name in files.
    value: what to show instead of that attribute.
    kind: its type in files; cell: how the page draws it (by default after `kind`).
    sort: the name of the list's order that the heading chooses.
    minor: may go on a narrow screen. named: where it shows no headings, this one stands before the value.
    on_page, in_file: where it stands.
    """

    key: str
    heading: StrOrPromise
    kind: Kind = "text"
    value: Callable[[Any], object] | None = None
    cell: Cell | None = None
    sort: str = ""
    minor: bool = False
    named: bool = False
    on_page: bool = True
    in_file: bool = True
    width: int | None = None

    def of(self, row: Any) -> object:
        """The value of this column in one row; None when there is none."""
        if self.value is not None:
            return self.value(row)
        found = row
        for step in self.key.split("."):
            found = getattr(found, step, None)
        return found

    def shown_as(self) -> Cell:
        return self.cell or _CELL_OF_KIND.get(self.kind, "text")

    def css(self) -> str:
        """The classes of its cells: short ones are not broken, minor ones may go."""
        kind = {"short": "short", "moment": "short", "day": "short", "number": "number"}
        return " ".join(filter(None, [kind.get(self.shown_as()), "minor" if self.minor else ""]))

    def for_file(self) -> Column:
        return Column(self.key, str(self.heading), self.kind, self.width)

    @classmethod
    def sharing(cls, heading: StrOrPromise, **options: Any) -> ListColumn:
        """Level and audience of a shared record: the badge on the page, words in files."""
        return cls("sharing", heading, value=_sharing, cell="sharing", **options)

    @classmethod
    def choice(cls, key: str, heading: StrOrPromise, **options: Any) -> ListColumn:
        """A field with choices, in the word of the one chosen."""
        return cls(key, heading, kind="choice", value=_word_of(key), **options)

    @classmethod
    def state(cls, heading: StrOrPromise, **options: Any) -> ListColumn:
        """The state of a record: the pill on the page, its word in files."""
        return cls("state", heading, kind="choice", value=_word_of("state"), cell="state", **options)

    @classmethod
    def component(cls, heading: StrOrPromise, **options: Any) -> ListColumn:
        """The component of a body: its mark and word on the page, its word in files."""
        return cls.choice("component", heading, cell="component", **options)


def _word_of(key: str) -> Callable[[Any], str]:
    """The label of a field's choice. `get_…_display` looks it up anew each time: a third of a long file."""

    def word(row: Any) -> str:
        value = getattr(row, key)
        return _labels(cast(Hashable, type(row)), key, get_language()).get(
            value, "" if value is None else str(value)
        )

    return word


@cache
def _labels(model: Hashable, key: str, _language: str | None) -> dict[object, str]:
    field: Any = cast(type[Model], model)._meta.get_field(key)
    return {value: str(label) for value, label in field.flatchoices}


def _sharing(row: Any) -> str:
    return _audience(row.classification, tuple(row.audience_components), get_language())


@cache
def _audience(level: int, components: tuple[int, ...], _language: str | None) -> str:
    readers = [str(Component(number).label) for number in sorted(components)]
    return ", ".join([str(Classification(level).label), *readers])


@dataclass(frozen=True)
class Sort:
    """One order of a list; `words` for it as declared, `turned` for its reverse.

    The columns are fields, paths or `By`; an index on them (with the primary key behind) serves
    lists that grow beyond 10,000 rows.
    """

    columns: tuple[str | By, ...]
    words: StrOrPromise
    turned: StrOrPromise

    def ordering(self, *, reverse: bool) -> list[By]:
        wanted = [item if isinstance(item, By) else by(item) for item in self.columns]
        return [By(item.name, item.descending != reverse, item.expression, item.nullable) for item in wanted]


Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Tab:
    """Filters that come with the list. `query` may depend on who looks; None leaves the tab out.

    counted: says how many there are (up to 99).
    """

    label: StrOrPromise | Callable[[Person], str]
    query: Query | Callable[[Person], Query | None] = field(default_factory=dict)
    counted: bool = False

    def label_for(self, person: Person) -> str:
        return self.label(person) if callable(self.label) else str(self.label)

    def query_for(self, person: Person) -> Query | None:
        return self.query(person) if callable(self.query) else self.query
