"""Settling a promise."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
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
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: settle_commitment(commitment, actor=person, version=version, **form.cleaned_data),
        _("Promise settled."),
    ):
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
        status=form_status(request),
    )
