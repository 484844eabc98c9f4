"""The sections of the left rail: each app adds its own at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Section:
    """One line of the rail. `route` is reversed when shown; `order` sorts; `group` draws a line between.

    `query`: the filters and the order with which a list is entered from the rail. `also`: routes of pages
    that belong to it though their address does not begin with its own.
    """

    label: StrOrPromise
    route: str
    icon: str
    order: int
    group: int = 1
    query: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownSection:
    label: StrOrPromise
    url: str
    icon: str
    group: int
    current: bool


@dataclass(frozen=True)
class QuickEntry:
    """The one button in the top bar. `allowed` says who is offered it."""

    label: StrOrPromise
    route: str
    allowed: Callable[[Person], bool]


_sections: list[Section] = []
_quick: list[QuickEntry] = []


def add_section(section: Section) -> None:
    _sections.append(section)
    _sections.sort(key=lambda s: (s.group, s.order))


def add_quick_entry(entry: QuickEntry) -> None:
    _quick.append(entry)


def sections_for(path: str) -> list[ShownSection]:
    """The rail, with the section that holds `path` marked: the longest address that fits."""
    urls = [(section, [reverse(route) for route in (section.route, *section.also)]) for section in _sections]
    every = (url for _, addresses in urls for url in addresses)
    fitting = [url for url in every if path == url or (url != "/" and path.startswith(url))]
    here = max(fitting, key=len, default="")
    return [
        ShownSection(s.label, _entered(s, addresses[0]), s.icon, s.group, here in addresses)
        for s, addresses in urls
    ]


def _entered(section: Section, url: str) -> str:
    return f"{url}?{urlencode(section.query)}" if section.query else url


def quick_entry(person: Person) -> dict[str, object] | None:
    for entry in _quick:
        if entry.allowed(person):
            return {"label": entry.label, "url": reverse(entry.route)}
    return None
