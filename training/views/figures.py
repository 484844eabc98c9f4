"""The figures of training, each with its definition, its period and the records behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from training.figures.register import FIGURES
from training.views.readiness_frame import tabs


@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """Every figure for this reader, today."""
    person: Any = request.user
    today = timezone.localdate()
    shown = [(figure, figure.reckon(person, today)) for figure in FIGURES]
    log_read(person, "figures", [record for _figure, found in shown for record in found.records])
    context = {
        "title": _("Figures"),
        "figures": shown,
        "page_classification": max((found.level for _figure, found in shown), default=1),
        **tabs("figures"),
    }
    return render(request, "training/readiness/figures.html", context)
