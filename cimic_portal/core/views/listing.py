"""Every list as a page, and as the part of it that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.listing import ListColumn, Listing, Selection
from cimic_portal.core.listing.selection import CURSOR
from cimic_portal.core.models import SavedFilter
from cimic_portal.core.views.export import list_export

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.counting import Count
    from cimic_portal.core.models import Person
    from cimic_portal.core.paging import Page


@dataclass(frozen=True)
class ShownCell:
    column: ListColumn
    value: object


@dataclass(frozen=True)
class ShownRow:
    record: Any
    url: str
    cells: list[ShownCell]


@dataclass(frozen=True)
class ShownTab:
    label: StrOrPromise
    url: str
    current: bool
    count: str


def list_routes(listing: Listing, prefix: str) -> list[URLPattern]:
    """The addresses of a list: its page (named like the list) and its files."""
    given = {"listing": listing}
    return [
        path(prefix, list_page, given, name=listing.name),
        path(f"{prefix}export.csv", list_export, {**given, "form": "csv"}, name=f"{listing.name}_csv"),
        path(f"{prefix}export.xlsx", list_export, {**given, "form": "xlsx"}, name=f"{listing.name}_xlsx"),
    ]


def list_page(request: HttpRequest, listing: Listing) -> HttpResponse:
    """One list. With htmx only the part that changes; the address says all, so it works without too."""
    person: Person = request.user  # type: ignore[assignment]
    chosen = Selection(listing, person, request.GET)
    tabs = _tabs(chosen)
    count, tab_counts = chosen.counts([tab for _label, tab, counted, _own in tabs if counted])
    page, cursor_problem = chosen.shown_page(count)
    log_read(person, f"list {listing.name}", chosen.records_in(page.rows))
    context = {
        "frame": "layouts/part.html" if _wants_part(request) else "base.html",
        "listing": listing,
        "title": listing.title,
        "count": _count_words(chosen, count),
        "page_classification": listing.level_of(page.rows),
        "tabs": _shown_tabs(chosen, tabs, [str(number) if number.number else "" for number in tab_counts]),
        "save_tab": _save_tab(chosen, tabs),
        "manage_tabs_url": _manage_url(listing, tabs),
        "filter_form": chosen.form,
        "filter_front": listing.filters.front,
        "problems": _problems(chosen, cursor_problem),
        "pager": _pager(chosen, page, request.GET),
        "columns": [column for column in listing.columns if column.on_page],
        "rows": [_shown_row(listing, row) for row in page.rows],
        "is_narrowed": chosen.is_narrowed,
        "list_url": reverse(listing.name),
        "export_query": _kept(request.GET, without=CURSOR),
        "actions": listing.actions(person),
    }
    response = render(request, "core/listing/page.html", context)
    if context["frame"] != "base.html":
        # The form sends its empty fields too; the address that is kept does without.
        response["HX-Push-Url"] = f"{request.path}?{_kept(request.GET)}"
    return response


def _wants_part(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _count_words(chosen: Selection, count: Count) -> str:
    if chosen.is_narrowed:
        return _("%(count)s match") % {"count": count}
    return _("%(count)s you can see") % {"count": count}


def _problems(chosen: Selection, cursor_problem: str) -> list[str]:
    """What is wrong with the address itself; problems of a filter stand at the filter too."""
    lines = [cursor_problem] if cursor_problem else []
    for name, messages in chosen.problems.items():
        label = chosen.form.fields[name].label if name else ""
        lines += [f"{label}: {message}" if label else message for message in messages]
    return lines


def _shown_row(listing: Listing, row: Any) -> ShownRow:
    cells = [ShownCell(column, column.of(row)) for column in listing.columns if column.on_page]
    return ShownRow(row, listing.link(row), cells)


def _pager(chosen: Selection, page: Page[Any], query: QueryDict) -> dict[str, str]:
    previous, following = chosen.cursors(page)
    shown = f"{page.first:,}–{page.last:,}" if page.rows else ""
    return {
        "previous_url": _at(query, previous),
        "next_url": _at(query, following),
        "label": " · ".join(filter(None, [chosen.sort_words, shown])),
    }


def _at(query: QueryDict, cursor: str) -> str:
    return f"?{_kept(query, without=CURSOR, more={CURSOR: cursor})}" if cursor else ""


def _kept(query: QueryDict, *, without: str = "", more: dict[str, str] | None = None) -> str:
    """The parameters that say something, as text for an address."""
    asked = [(name, value) for name, values in query.lists() for value in values if value and name != without]
    return urlencode([*asked, *(more or {}).items()])


# Label, selection, whether it is counted, whether the person saved it.
OwnTab = tuple[str, Selection, bool, bool]


def _tabs(chosen: Selection) -> list[OwnTab]:
    """The list's own tabs and the person's saved filters, each as a selection."""
    found: list[OwnTab] = []
    for tab in chosen.listing.tabs:
        query = tab.query_for(chosen.person)
        if query is not None:
            found.append((tab.label_for(chosen.person), chosen.beside(query), tab.counted, False))
    saved = SavedFilter.objects.filter(person=chosen.person, list_name=chosen.listing.name)
    own = [(each.name, chosen.beside(QueryDict(each.query)), True, True) for each in saved]
    return [*found, *own]


def _shown_tabs(chosen: Selection, tabs: list[OwnTab], counts: list[str]) -> list[ShownTab]:
    url, waiting = reverse(chosen.listing.name), iter(counts)
    shown = [ShownTab(_("All"), url, not chosen.is_narrowed, "")]
    for label, tab, counted, _own in tabs:
        address = f"{url}?{urlencode(tab.asked())}"
        current = tab.asked() == chosen.asked()
        shown.append(ShownTab(label, address, current, next(waiting) if counted else ""))
    return shown if tabs else []


def _save_tab(chosen: Selection, tabs: list[OwnTab]) -> dict[str, str] | None:
    """The way to save the filters that are on, unless they are a tab already."""
    known = any(tab.asked() == chosen.asked() for _label, tab, _counted, _own in tabs)
    if known or not chosen.is_narrowed or chosen.problems:
        return None
    address = reverse("savedfilter_new", args=[chosen.listing.name])
    return {"label": _("save these filters"), "url": f"{address}?{urlencode(chosen.asked())}"}


def _manage_url(listing: Listing, tabs: list[OwnTab]) -> str:
    return reverse("savedfilters", args=[listing.name]) if any(own for *_rest, own in tabs) else ""
