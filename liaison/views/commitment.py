"""Settling a promise."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.views.verbs import show_problems, shown_version
from liaison.forms.commitment import SettleForm
from liaison.models import Commitment
from liaison.policies import can_settle
from liaison.services.commitment import settle_commitment
from liaison.views.engagement import fetch


def commitment_settle(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record how a promise ended: kept, broken (with why), or released from it."""
    person: Any = request.user
    engagement = fetch(request, reference)
    commitment = get_object_or_404(
        Commitment.objects.visible_to(person).select_related("engagement"), pk=pk, engagement=engagement
    )
    require(can_settle(person, engagement))
    log_read(person, "promise", [engagement])
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_commitment(commitment, actor=person, version=shown_version(request), **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Promise settled."))
            return redirect(engagement.get_absolute_url())
    return render(
        request,
        "layouts/verb.html",
        {
            "title": _("Settle a promise"),
            "text": commitment.what,
            "form": form,
            "version": engagement.version,
            "submit_label": _("Save"),
            "cancel_url": engagement.get_absolute_url(),
            "page_classification": engagement.classification,
        },
        status=422 if request.method == "POST" else 200,
    )
