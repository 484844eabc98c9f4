"""Panels: what a higher app knows beside a thing of a lower one. Each app adds its own at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cimic_portal.core.audit.reads import log_read

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Panel:
    """One section beside a thing.

    beside: the kind of thing, such as "organisation". context(thing, person) gives the template what
    this person may see, or None to show nothing; shared records stand in `rows`, for the log of reads.
    """

    beside: str
    title: StrOrPromise
    template: str
    context: Callable[[Any, Person], Mapping[str, Any] | None]
    order: int = 100


_panels: list[Panel] = []


def add_panel(panel: Panel) -> None:
    """Show a panel beside every thing of its kind."""
    _panels.append(panel)
    _panels.sort(key=lambda p: p.order)


def panels_beside(kind: str, thing: Any, person: Person) -> list[dict[str, Any]]:
    """The panels with something to show: title, template and context."""
    shown = []
    for panel in _panels:
        context = panel.context(thing, person) if panel.beside == kind else None
        if context is not None:
            shown.append({"title": panel.title, "template": panel.template, **context})
    log_read(person, f"beside {kind}", [row for panel in shown for row in panel.get("rows", ())])
    return shown
