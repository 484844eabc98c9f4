"""A rotation entered from a table: a file, a preview that says what each row will do, then the step."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.paper.sheet import Column, file_name, write_csv
from cimic_portal.core.services.rotation import Outcome, import_rotation, try_rotation
from cimic_portal.core.services.rotation_rows import COLUMNS, ROTATION_TABLE
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.tablefile import read_table, sent_rows


class RotationForm(forms.Form):
    """The table, and why people move."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy(
            "CSV in UTF-8 or XLSX, at most 2 MB and 500 rows. Its first line names the columns."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy(
            "The order of the rotation, for example. It stands in the trail, and the administrator who "
            "confirms what waits reads it."
        ),
    )


def rotation(request: HttpRequest) -> HttpResponse:
    """Choose a table, look at the preview, enter what fits."""
    if request.method != "POST":
        return _page(request, RotationForm())
    if "rows" in request.POST:
        return _enter(request)
    form = RotationForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            table = read_table(form.cleaned_data["file"].read(), ROTATION_TABLE)
        except InvalidError as error:
            for words in error.fields.values():
                form.add_error("file", list(words))
        else:
            return _preview(request, table, form.cleaned_data["reason"])
    return _page(request, form, 422)


def rotation_table(request: HttpRequest) -> HttpResponse:
    """The empty table to fill in."""
    columns = [Column(name, head) for name, (head, _help) in COLUMNS.items()]
    level, now = Classification.UNCLASSIFIED, timezone.now()
    name = file_name("rotation", classification=level, made_at=now, ending="csv")
    answer = HttpResponse(b"".join(write_csv(columns, [])), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def _enter(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    rows, reason = sent_rows(request.POST["rows"], ROTATION_TABLE), request.POST.get("reason", "")
    try:
        outcome = import_rotation(rows, actor=person, reason=reason[:200])
    except InvalidError as error:
        messages.error(request, error.message)
        return _preview(request, rows, reason, 422) if rows else _page(request, RotationForm(), 422)
    _tell(request, outcome)
    return redirect("admin:core_proposal_changelist" if outcome.waiting else "admin:rotation")


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    words = ngettext("%(count)d row entered.", "%(count)d rows entered.", outcome.entered)
    messages.success(request, words % {"count": outcome.entered})
    if outcome.stood:
        words = ngettext("%(count)d row changed nothing.", "%(count)d rows changed nothing.", outcome.stood)
        messages.info(request, words % {"count": outcome.stood})
    if outcome.refused:
        words = ngettext("%(count)d row stayed out.", "%(count)d rows stayed out.", outcome.refused)
        messages.warning(request, words % {"count": outcome.refused})
    if outcome.waiting:
        words = ngettext(
            "%(count)d proposal waits until another administrator confirms it.",
            "%(count)d proposals wait until another administrator confirms them.",
            outcome.waiting,
        )
        messages.warning(request, words % {"count": outcome.waiting})


def _preview(
    request: HttpRequest, table: list[dict[str, str]], reason: str, status: int = 200
) -> HttpResponse:
    person: Any = request.user
    rows = try_rotation(table, actor=person)
    refused = sum(bool(row.problems) for row in rows)
    stands = sum(row.stands for row in rows)
    shown = {
        "rows": rows,
        "refused": refused,
        "stands": stands,
        "fitting": len(rows) - refused - stands,
        "sent": json.dumps(table, ensure_ascii=False),
        "reason": reason,
    }
    return _answer(request, "admin/rotation_preview.html", shown, status)


def _page(request: HttpRequest, form: RotationForm, status: int = 200) -> HttpResponse:
    return _answer(request, "admin/rotation.html", {"form": form, "columns": COLUMNS.values()}, status)


def _answer(request: HttpRequest, template: str, shown: dict[str, Any], status: int) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Rotation"), **shown}
    return TemplateResponse(request, template, context, status=status)
