"""Readiness as a document: asked for here, made by a worker."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Office
from cimic_portal.core.policies import can_act, require
from cimic_portal.core.services.documents import ask_for_document
from cimic_portal.core.views.verbs import show_problems
from training.forms.paper import ReadinessPaperForm
from training.reports.readiness_maker import KIND
from training.views.operation_readiness import fetch


def office_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The readiness of an office with everything below it."""
    office = get_object_or_404(Office, pk=pk)
    title = _("Readiness of %(office)s") % {"office": office}
    back = reverse("office_readiness", args=[pk])
    return _asked(request, {"office": pk}, title=title, sub=str(office), back=back, level=1)


def operation_document(request: HttpRequest, reference: str) -> HttpResponse:
    """The readiness of those who take part in an operation."""
    operation = fetch(request, reference)
    person: Any = request.user
    log_read(person, "readiness document", [operation])
    # The title is read with the document, so it names the operation only by its reference.
    title = _("Readiness for operation %(reference)s") % {"reference": reference}
    back = reverse("operation_readiness", args=[reference])
    level = operation.classification
    return _asked(request, {"operation": reference}, title=title, sub=str(operation), back=back, level=level)


def _asked(
    request: HttpRequest, asked: dict[str, Any], *, title: str, sub: str, back: str, level: int
) -> HttpResponse:
    person: Any = request.user
    require(can_act(person))
    form = ReadinessPaperForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            document = ask_for_document(
                KIND, data["form"], asked, office=data["office"], actor=person, title=title
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            return redirect(document.get_absolute_url())
    context = {
        "title": _("Readiness as a document"),
        "sub": sub,
        "form": form,
        "form_actions": [{"label": _("Make the document"), "primary": True}],
        "cancel_url": back,
        "page_classification": level,
    }
    return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)
