"""The page around an opened SCORM package, and what the package reports."""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.policies import require
from training.models import ModuleAttempt
from training.policies import module as policies
from training.services import module_learning as services
from training.services.scorm_record import end_package, save_report
from training.services.scorm_serving import address_of
from training.views.module import fetch

_LARGEST_REPORT = 150_000


@csp_update({"frame-src": [settings.CONTENT_ORIGIN] if settings.CONTENT_ORIGIN else []})  # type: ignore[arg-type]
def module_play(request: HttpRequest, pk: int) -> HttpResponse:
    """The package in its frame. To open it begins an attempt, or goes on with the open one."""
    person: Any = request.user
    module = fetch(request, pk)
    require(policies.can_play(person, module))
    if not settings.CONTENT_ORIGIN:
        raise RefusedError(
            _("Packages cannot be opened here yet: your administrator has to name their origin first.")
        )
    attempt = _open_one(person, module)
    if attempt is None:
        if request.method == "POST":
            services.begin_attempt(module, actor=person)
            return redirect("module_play", pk=pk)
        require(policies.can_try(person, module))
    elif request.method == "POST":
        return redirect(end_package(attempt, actor=person).get_absolute_url())
    context = {
        "title": module.title,
        "record": None,
        "module": module,
        "attempt": attempt,
        "source": address_of(attempt) if attempt else "",
        "origin": settings.CONTENT_ORIGIN,
        "save_url": reverse("module_report", args=[pk]),
    }
    return render(request, "training/module/play.html", context)


def _open_one(person: Any, module: Any) -> ModuleAttempt | None:
    return ModuleAttempt.objects.filter(person=person, module=module, handed_in_at__isnull=True).first()


@require_POST
def module_report(request: HttpRequest, pk: int) -> JsonResponse:
    """What the package reports, sent by the page around it. `closed`: where the result stands."""
    person: Any = request.user
    module = fetch(request, pk)
    rows = ModuleAttempt.objects.filter(person=person, module=module, handed_in_at__isnull=True)
    attempt = get_object_or_404(rows)
    if len(request.body) > _LARGEST_REPORT:
        raise InvalidError({"cmi": [_("This is more than is kept of one part.")]})
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidError({"cmi": [_("This is no report of a package.")]}) from error
    if not isinstance(told, dict):
        raise InvalidError({"cmi": [_("This is no report of a package.")]})
    done = save_report(attempt, told, actor=person)
    return JsonResponse({"closed": "" if done.is_open else done.get_absolute_url()})
