"""What a FRAGO changes of the frame: period and participants, in one form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from operations.forms.frago import FrameForms
from operations.policies.frago import can_change_frame
from operations.reports.plan_book import find_revision_to_write
from operations.services.frame import change_frame
from operations.views.frame import fetch
from operations.views.step_notes import period_notes


def operation_frame(request: HttpRequest, reference: str) -> HttpResponse:
    """Change period and participants in the FRAGO that is being written."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_change_frame(person, operation))
    revision = find_revision_to_write(person, operation)
    assert revision is not None  # The policy has asked for one that this person writes.
    revision.operation = operation
    forms = FrameForms(revision, person, data=request.POST or None)
    log_read(person, "operation frame", [operation])
    version = shown_version(request)
    if saved(
        request,
        forms,
        lambda: change_frame(operation, forms.input(), actor=person, version=version),
        _("Saved in the FRAGO. It counts when it is issued."),
    ):
        return redirect(operation.get_absolute_url())
    context = {
        **period_notes(person, operation, revision),
        "title": _("Period and participants"),
        "sub": _("%(operation)s, %(frago)s") % {"operation": operation, "frago": revision},
        "form": forms.main,
        "forms": forms,
        "formsets": [forms.participants],
        "form_actions": [{"label": _("Save in the FRAGO"), "primary": True}],
        "draft_key": f"frame-{operation.reference}-{revision.number}",
        "version": operation.version,
        "cancel_url": operation.get_absolute_url(),
        "page_classification": operation.classification,
    }
    status = form_status(request)
    return render(request, "operations/frago/frame.html", context, status=status)
