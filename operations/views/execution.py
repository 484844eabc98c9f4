"""What pages of an operation show live, who is who in it, and decisions that are due."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from operations.forms.journal import DecideForm
from operations.models import Operation, OperationState, ReachedDecision
from operations.policies.journal import can_decide_point
from operations.reports.execution import reached_of
from operations.reports.news import news_of
from operations.reports.who import card_of
from operations.services.decisions import decide_point
from operations.services.looks import look_at
from operations.views.frame import fetch, page_of

# From its approval on things happen that one can have missed.
LOOKED_AT = (
    OperationState.APPROVED,
    OperationState.ACTIVE,
    OperationState.SUSPENDED,
    OperationState.COMPLETED,
    OperationState.CLOSED,
)


def changes_panel(person: Any, operation: Operation) -> dict[str, Any]:
    """For the overview: what changed since the person last looked, and the decision points reached."""
    if operation.state not in LOOKED_AT:
        return {}
    since = look_at(operation, actor=person)
    reached: Any = reached_of(operation, person)
    for row in reached:
        row.may_decide = row.decided_at is None and bool(can_decide_point(person, row))
    return {"news": news_of(operation, person, since), "reached": reached}


@require_GET
def operation_live(request: HttpRequest, reference: str) -> HttpResponse:
    """The state of the operation, for pages that are open; `?shown=` is the state that they show."""
    operation = fetch(request, reference)
    shown = request.GET.get("shown", "")
    context = {"record": operation, "moved": bool(shown) and shown != operation.state, "shown": shown}
    return render(request, "operations/operation/state.html", context)


@require_GET
def operation_changes(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed since the person last looked: the part of the overview that follows what others do."""
    person: Any = request.user
    operation = fetch(request, reference)
    log_read(person, "changes of an operation", [operation])
    context = {"record": operation, **changes_panel(person, operation)}
    return render(request, "operations/operation/changes.html", context)


@require_GET
def operation_who(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is who: posts, holders, deputies and how they are reached; fits one printed page."""
    person: Any = request.user
    operation = fetch(request, reference)
    context = {**page_of(person, operation, "operation_who"), "card": card_of(operation, person)}
    return render(request, "operations/operation/who.html", context)


def decision_take(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Record what was decided at a decision point that is reached, and why."""
    person: Any = request.user
    operation = fetch(request, reference)
    rows = ReachedDecision.objects.visible_to(person).filter(operation=operation, pk=pk)
    reached = rows.select_related("decider__office", "entry").first()
    if reached is None:
        raise Http404
    reached.operation = operation
    require(can_decide_point(person, reached))
    initial = {"decision": reached.follows}
    form = DecideForm(request.POST if request.method == "POST" else None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: decide_point(reached, actor=person, version=version, **form.cleaned_data),
        _("Decision recorded; all who take part are told."),
    ):
        return redirect(operation.get_absolute_url())
    log_read(person, "decision point", [operation])
    context = {
        "title": _("Decide: %(title)s") % {"title": reached.title},
        "reached": reached,
        "form": form,
        "record": operation,
        "version": reached.version,
        "submit_label": _("Record the decision"),
        "cancel_url": reverse("operation", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    status = form_status(request)
    return render(request, "operations/operation/decide.html", context, status=status)
