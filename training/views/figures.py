"""The figures of training, each with its definition, its period and the records behind it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.views.export import table_file
from training.figures import table
from training.figures.figure import Figure, Reckoned
from training.figures.register import FIGURES
from training.views.readiness_frame import tabs


@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """Every figure for this reader, today."""
    shown = _reckoned(request, "figures")
    context = {
        "title": _("Figures"),
        "actions": [
            {"label": form.upper(), "url": reverse(f"figures_{form}"), "download": True}
            for form in ("csv", "xlsx")
        ],
        "figures": shown,
        "page_classification": _level(shown),
        **tabs("figures"),
    }
    return render(request, "training/readiness/figures.html", context)


@require_GET
def figures_file(request: HttpRequest, form: str) -> FileResponse:
    """The same as a file, one line for each value."""
    person: Any = request.user
    shown = _reckoned(request, f"{form} figures")
    title = _("Figures of training")
    return table_file(person, form, table.columns(), table.lines(shown), title=title, level=_level(shown))


def _reckoned(request: HttpRequest, surface: str) -> list[tuple[Figure, Reckoned]]:
    person: Any = request.user
    today = timezone.localdate()
    shown = [(figure, figure.reckon(person, today)) for figure in FIGURES]
    log_read(person, surface, [record for _figure, found in shown for record in found.records])
    return shown


def _level(shown: list[tuple[Figure, Reckoned]]) -> int:
    return max((found.level for _figure, found in shown), default=1)
