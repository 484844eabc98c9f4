"""The schedule as a document: asked for here, made by a worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import can_act, require
from cimic_portal.core.services.documents import ask_for_document
from operations.forms.schedule import SchedulePaperForm, show_at
from operations.reports.schedule_maker import KIND
from operations.views.schedule_frame import show


def schedule_document(request: HttpRequest, reference: str) -> HttpResponse:
    """Matrix, tasks and critical path of the revision that is shown, as PDF or XLSX."""
    shown = show(request, reference)
    require(can_act(shown.person))
    form = SchedulePaperForm(request.POST or None, person=shown.person)
    if request.method == "POST" and form.is_valid():
        asked = {"operation": shown.operation.reference, "revision": shown.revision.number}
        # The title is read with the document, so it names the operation only as the document's level allows.
        try:
            document = ask_for_document(
                KIND,
                form.cleaned_data["form"],
                asked,
                office=form.cleaned_data["office"],
                actor=shown.person,
                title=_("Tasks and time, %(reference)s") % {"reference": shown.operation.reference},
            )
        except InvalidError as error:
            show_at(form, error)
        else:
            return redirect(document.get_absolute_url())
    log_read(shown.person, "schedule document", [shown.operation])
    context = {
        "title": _("Tasks and time as a document"),
        "sub": _("%(operation)s, %(revision)s") % {"operation": shown.operation, "revision": shown.revision},
        "form": form,
        "form_actions": [{"label": _("Make the document"), "primary": True}],
        "cancel_url": shown.url("operation_tasks"),
        "page_classification": shown.operation.classification,
    }
    return render(request, "layouts/form.html", context, status=422 if request.method == "POST" else 200)
