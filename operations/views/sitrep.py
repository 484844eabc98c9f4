"""Asking for the SITREP of an operation; a worker makes it, the document's page shows how far it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.paper.period import period_text
from cimic_portal.core.policies import can_act, require
from cimic_portal.core.services.documents import ask_for_document
from cimic_portal.core.views.verbs import show_problems
from operations.forms.sitrep import OperationSitrepForm
from operations.reports.operation_sitrep import KIND
from operations.views.frame import fetch


def operation_sitrep(request: HttpRequest, reference: str) -> HttpResponse:
    """Period and form of a SITREP drawn from the journal and the records of the operation."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_act(person))
    form = OperationSitrepForm(request.POST or None, person=person, operation=operation)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        # The title is read with the document, also by those who may not know of the operation.
        title = _("SITREP of an operation, %(period)s") % {
            "period": period_text(data["since"], data["until"])
        }
        asked = {
            "operation": operation.reference,
            "since": data["since"].isoformat(),
            "until": data["until"].isoformat(),
        }
        try:
            document = ask_for_document(
                KIND, data["form"], asked, office=data["office"], actor=person, title=title
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            return redirect(document.get_absolute_url())
    log_read(person, "operation sitrep", [operation])
    context = {
        "title": _("SITREP of the operation"),
        "sub": operation.title,
        "form": form,
        "form_actions": [{"label": _("Make the report"), "primary": True}],
        "cancel_url": reverse("operation_journal", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)
