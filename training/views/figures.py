"""The figures of training, each with its definition, its period and the records behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.paper.sheet import file_name, write_csv, write_xlsx
from training.figures import table
from training.figures.figure import Figure, Reckoned
from training.figures.register import FIGURES
from training.views.readiness_files import TYPES
from training.views.readiness_frame import tabs


@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """Every figure for this reader, today."""
    shown = _reckoned(request, "figures")
    context = {
        "title": _("Figures"),
        "actions": [
            {"label": form.upper(), "url": reverse(f"figures_{form}"), "download": True} for form in TYPES
        ],
        "figures": shown,
        "page_classification": _level(shown),
        **tabs("figures"),
    }
    return render(request, "training/readiness/figures.html", context)


@require_GET
def figures_file(request: HttpRequest, form: str) -> FileResponse:
    """The same as a file, one line for each value."""
    shown = _reckoned(request, f"{form} figures")
    title, level, made_at = _("Figures of training"), _level(shown), timezone.now()
    content: Iterator[bytes] | IO[bytes]
    if form == "csv":
        content = write_csv(table.columns(), table.lines(shown))
    else:
        content = write_xlsx(
            table.columns(),
            table.lines(shown),
            title=title,
            classification=level,
            made_by=str(request.user),
            made_at=made_at,
        )
    name = file_name(title, classification=level, made_at=made_at, ending=form)
    return FileResponse(content, as_attachment=True, filename=name, content_type=TYPES[form])


def _reckoned(request: HttpRequest, surface: str) -> list[tuple[Figure, Reckoned]]:
    person: Any = request.user
    today = timezone.localdate()
    shown = [(figure, figure.reckon(person, today)) for figure in FIGURES]
    log_read(person, surface, [record for _figure, found in shown for record in found.records])
    return shown


def _level(shown: list[tuple[Figure, Reckoned]]) -> int:
    return max((found.level for _figure, found in shown), default=1)
