"""The readiness of those who take part in an operation, and what it asks of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from operations.models import Operation
from training.forms.readiness import MatrixForm
from training.forms.requirement import OperationRequirementForm
from training.models import OperationRequirement, Requirement, Whom
from training.policies.requirement import can_require
from training.readiness.operation import operation_readiness
from training.readiness.reading import narrowed
from training.services import requirement as services
from training.views.readiness import exports, matrix_shown


def fetch(request: HttpRequest, reference: str) -> Operation:
    """The operation, or 404 where this person may not see it."""
    rows = Operation.objects.visible_to(request.user).select_related("kind", "owner_office")  # type: ignore[arg-type]
    return get_object_or_404(rows, reference=reference)


@require_GET
def operation_matrix(request: HttpRequest, reference: str) -> HttpResponse:
    """Those who take part × what their posts and the operation ask."""
    person: Any = request.user
    operation = fetch(request, reference)
    log_read(person, "readiness of an operation", [operation])
    form = MatrixForm(request.GET)
    course = form.cleaned_data["course"] if form.is_valid() else None
    found = operation_readiness(person, operation, timezone.localdate())
    readiness = narrowed(found, course.pk if course else None)
    own = OperationRequirement.objects.visible_to(person).filter(operation=operation)
    typed = Requirement.objects.standing().filter(whom=Whom.OPERATION_TYPE, kind=operation.kind_id)
    context = {
        "title": _("Ready for %(operation)s?") % {"operation": operation},
        "sub": _("Ready is whoever holds what is asked until the operation ends."),
        "operation": operation,
        "asked": list(own.select_related("course", "participation__office", "participation__organisation")),
        "asked_of_type": list(typed.select_related("course")),
        "may_require": can_require(person, operation),
        "require_url": reverse("operation_require", args=[reference]),
        "actions": exports(request, "operation_readiness", reference),
        "level": operation.classification,
    }
    return matrix_shown(request, form, readiness, context)


def operation_require(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask a course of those who take part."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_require(person, operation))
    log_read(person, "requirement of an operation", [operation])
    form = OperationRequirementForm(request.POST or None, person=person, operation=operation)
    made = saved(
        request,
        form,
        lambda: services.require_for_operation(
            operation, actor=person, version=shown_version(request), **form.cleaned_data
        ),
        _("Requirement entered."),
    )
    back = reverse("operation_readiness", args=[reference])
    if made:
        return redirect(back)
    context = {
        "title": _("What those who take part need"),
        "sub": str(operation),
        "form": form,
        "form_actions": [{"label": _("Save requirement"), "primary": True}],
        "cancel_url": back,
        "version": operation.version,
        "page_classification": operation.classification,
    }
    return render(request, "layouts/form.html", context, status=form_status(request))


def operation_require_drop(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask it no more."""
    person: Any = request.user
    operation = fetch(request, reference)
    rows = OperationRequirement.objects.visible_to(person).select_related("course", "operation")
    asked = get_object_or_404(rows, operation=operation, pk=pk)
    require(can_require(person, operation))
    back = reverse("operation_readiness", args=[reference])
    if request.method == "POST":
        services.drop_for_operation(asked, actor=person, version=shown_version(request))
        messages.success(request, _("It is not asked any more."))
        return redirect(back)
    log_read(person, "requirement of an operation", [operation])
    context = {
        "title": _("Ask this no more"),
        "record": operation,
        "facts": [str(asked.course)],
        "text": _("Those who take part no longer need it for this operation."),
        "version": operation.version,
        "submit_label": _("Ask it no more"),
        "cancel_url": back,
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context)
