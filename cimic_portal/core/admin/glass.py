"""The pages of the broken glass: asking for it, and the one record that it shows."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import display_for_field
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.factors import is_proven_anew, may_prove_by_password
from cimic_portal.core.models import BrokenGlass
from cimic_portal.core.services.glass import break_glass, mend_glass
from cimic_portal.core.sharing.glass import behind, open_glasses
from cimic_portal.core.sharing.records import REFERENCE_LENGTH, SharedRecord

EMPTY = "–"


class GlassForm(forms.Form):
    """Which record, and why."""

    reference = forms.CharField(
        label=gettext_lazy("Reference of the record"),
        max_length=REFERENCE_LENGTH,
        help_text=gettext_lazy("The ten letters and digits in the address of its page."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("The owners of the record read it, with your name."),
    )


def ask(request: HttpRequest) -> HttpResponse:
    """Which glass to break, and those that are open."""
    person: Any = request.user
    proven = is_proven_anew(request)
    if not proven and may_prove_by_password(request):
        raise ReauthenticationRequired
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            broken = break_glass(**form.cleaned_data, actor=person, proven=proven)
        except InvalidError as error:
            for name, texts in error.fields.items():
                form.add_error(name, list(texts))
        else:
            return redirect("admin:glass_record", broken.reference)
    shown = {"title": _("Break the glass"), "form": form, "glasses": list(open_glasses(person))}
    return _page(request, "admin/glass.html", shown, 422 if form.errors else 200)


def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What the record itself says, read-only, while its glass is open; posting ends it."""
    person: Any = request.user
    broken = open_glasses(person).filter(reference=reference).first()
    if broken is None:
        raise Http404
    if request.method == "POST":
        mend_glass(broken, actor=person)
        return redirect("admin:glass")
    record = behind(broken)
    if record is None:
        raise Http404
    log_read(person, "broken glass", [record], every_level=True)
    return _page(request, "admin/glass_record.html", _shown(broken, record), 200)


def _shown(broken: BrokenGlass, record: SharedRecord) -> dict[str, Any]:
    return {
        "title": str(record),
        "broken": broken,
        "kind": record._meta.verbose_name,
        "rows": [(capfirst(str(field.verbose_name)), _words(field, record)) for field in _fields(record)],
        "page_classification": record.classification,
    }


def _fields(record: SharedRecord) -> list[Any]:
    """Its own columns: no part of it, and no link to what has a rule of its own."""
    page = admin.site._registry.get(type(record))
    silent = page.silent_fields if isinstance(page, SharedAdmin) else SharedAdmin.silent_fields
    return [
        field
        for field in record._meta.concrete_fields
        if field.name not in silent
        and (field.related_model is None or getattr(field.related_model, "sharing", "") == "reference")
    ]


def _words(field: Any, record: SharedRecord) -> str:
    value = getattr(record, field.name)
    if field.related_model is not None:
        return EMPTY if value is None else str(value)
    return str(display_for_field(value, field, EMPTY))


def _page(request: HttpRequest, template: str, shown: dict[str, Any], status: int) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **shown}, status=status)
