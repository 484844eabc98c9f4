"""Asking for a SITREP; a worker makes it, the document's page shows how far it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.documents import ask_for_document
from cimic_portal.core.views.verbs import show_problems
from liaison.forms.sitrep import SitrepForm
from liaison.policies import can_log
from liaison.reports.sitrep_maker import KIND


def sitrep_new(request: HttpRequest) -> HttpResponse:
    """Office, period and form of a SITREP."""
    person: Any = request.user
    require(can_log(person))
    form = SitrepForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            document = ask_for_document(
                KIND,
                form.cleaned_data["form"],
                _parameters(form),
                office=form.cleaned_data["office"],
                actor=person,
                title=_title(form),
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            return redirect(document.get_absolute_url())
    return render(
        request,
        "layouts/form.html",
        {
            "title": _("CIMIC SITREP"),
            "sub": _("Drawn from the released reports, taskings and promises that you may read."),
            "form": form,
            "form_actions": [{"label": _("Make the report"), "primary": True}],
            "cancel_url": reverse("documents"),
        },
        status=422 if request.method == "POST" else 200,
    )


def _parameters(form: SitrepForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "office": data["office"].pk,
        "since": data["since"].isoformat(),
        "last": data["last"].isoformat(),
    }


def _title(form: SitrepForm) -> str:
    data = form.cleaned_data
    return _("CIMIC SITREP %(office)s, %(since)s–%(last)s") % {
        "office": data["office"],
        "since": date_format(data["since"], "j M"),
        "last": date_format(data["last"], "j M Y"),
    }
