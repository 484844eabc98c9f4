"""Tasks from a table: a file, a preview that says what would be entered and what not, then the step."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.tablefile import read_table, sent_rows
from operations.forms.schedule import TaskImportForm, show_at
from operations.policies.schedule import can_plan_time
from operations.services.task_import import TASK_TABLE, import_tasks, try_rows
from operations.views.schedule_frame import Shown, show


def task_import(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a file, look at the preview, enter what fits."""
    shown = show(request, reference)
    require(can_plan_time(shown.person, shown.revision))
    log_read(shown.person, "task import", [shown.operation])
    if request.method == "POST" and "rows" in request.POST:
        form = TaskImportForm()
        try:
            made = import_tasks(
                shown.revision, sent_rows(request.POST["rows"], TASK_TABLE), actor=shown.person
            )
        except InvalidError as error:
            messages.error(request, error.message)
            return _page(request, shown, form, status=422)
        words = ngettext("%(count)d task entered.", "%(count)d tasks entered.", len(made))
        messages.success(request, words % {"count": len(made)})
        return redirect(shown.url("operation_tasks"))
    form = TaskImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = TaskImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                table = read_table(form.cleaned_data["file"].read(), TASK_TABLE)
            except InvalidError as error:
                show_at(form, error)
            else:
                return _preview(request, shown, table)
        return _page(request, shown, form, status=422)
    return _page(request, shown, form)


def _preview(request: HttpRequest, shown: Shown, table: list[dict[str, str]]) -> HttpResponse:
    rows = try_rows(shown.revision, table)
    refused = [row for row in rows if row.problems]
    context = {
        **_context(shown),
        "rows": rows,
        "fitting": len(rows) - len(refused),
        "refused": len(refused),
        "sent": json.dumps(table, ensure_ascii=False),
        "again_url": shown.url("task_import"),
    }
    return render(request, "operations/schedule/import_preview.html", context)


def _page(request: HttpRequest, shown: Shown, form: TaskImportForm, status: int = 200) -> HttpResponse:
    context = {
        **_context(shown),
        "form": form,
        "form_actions": [{"label": _("Look at the tasks"), "primary": True}],
    }
    return render(request, "operations/schedule/import.html", context, status=status)


def _context(shown: Shown) -> dict[str, Any]:
    return {
        "title": _("Import tasks"),
        "sub": shown.operation.title,
        "cancel_url": shown.url("operation_tasks"),
        "page_classification": shown.operation.classification,
    }
