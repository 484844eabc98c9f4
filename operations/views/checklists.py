"""Checklists of an operation: procedures taken in, their steps settled one by one."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.views.verbs import NoInputForm, show_problems, shown_version
from operations.forms.checklist import SettleForm, TakeForm, proposed
from operations.models import ChecklistItem, Procedure
from operations.policies.checklist import can_take_procedure, can_tick
from operations.services.checklists import DONE, NOT_APPLICABLE, leave_procedure, settle_item, take_procedure
from operations.views.frame import fetch
from operations.views.plan_frame import plan_page

PROPOSED = 5


def plan_checklists(request: HttpRequest, reference: str) -> HttpResponse:
    """The steps by procedure: open, done by whom and when, or why they do not apply."""
    person: Any = request.user
    operation = fetch(request, reference)
    context, _revision = plan_page(request, operation, "plan_checklists")
    rows = ChecklistItem.objects.visible_to(person).filter(operation=operation)
    items = rows.select_related("procedure", "done_by").order_by("procedure__name", "order", "pk")
    procedures = []
    for procedure, group in groupby(items, key=lambda item: item.procedure):
        steps = list(group)
        settled = sum(step.is_settled for step in steps)
        procedures.append({"procedure": procedure, "steps": steps, "settled": settled})
    may_take = bool(can_take_procedure(person, operation))
    offered = list(proposed(person, operation)[:PROPOSED]) if may_take else []
    more = {
        "procedures": procedures,
        "can_take": may_take,
        "can_tick": bool(can_tick(person, operation)),
        # Those for this type and for all; the others are in the form.
        "proposed": [row for row in offered if row.kind_id in (None, operation.kind_id)],
        # Checklists are ticked, not ordered: they do not wait for a FRAGO.
        "refused": "",
    }
    return render(request, "operations/plan/checklists.html", {**context, **more})


def checklist_take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a procedure's steps in."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_take_procedure(person, operation))
    posted = request.POST if request.method == "POST" else None
    asked = request.GET.get("procedure", "")
    form = TakeForm(posted, person=person, operation=operation, initial={"procedure": asked[:9]})
    if form.is_bound and form.is_valid():
        try:
            take_procedure(operation, form.cleaned_data["procedure"], actor=person)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Steps taken in."))
            return redirect("plan_checklists", operation.reference)
    log_read(person, "checklists", [operation])
    context = {
        "title": _("Take in a procedure"),
        "text": _("Its steps are copied as they read today."),
        "form": form,
        "record": operation,
        "version": operation.version,
        "submit_label": _("Take its steps in"),
        "cancel_url": reverse("plan_checklists", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=422 if form.is_bound else 200)


def checklist_leave(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a procedure's steps out again, while none is settled."""
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_take_procedure(person, operation))
    taken = ChecklistItem.objects.visible_to(person).filter(operation=operation).values("procedure")
    procedure = get_object_or_404(Procedure.objects.filter(pk__in=taken), pk=pk)
    if request.method == "POST":
        leave_procedure(operation, procedure, actor=person)
        messages.success(request, _("Taken out."))
        return redirect("plan_checklists", operation.reference)
    log_read(person, "checklists", [operation])
    context = {
        "title": _("Take this checklist out"),
        "text": _("“%s” is not used in this operation.") % procedure,
        "form": NoInputForm(),
        "record": operation,
        "version": operation.version,
        "submit_label": _("Take it out"),
        "danger": True,
        "cancel_url": reverse("plan_checklists", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context)


def checklist_settle(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Tick one step, or say why it does not apply."""
    person: Any = request.user
    operation = fetch(request, reference)
    rows = ChecklistItem.objects.visible_to(person).filter(operation=operation)
    item = get_object_or_404(rows.select_related("operation"), pk=pk)
    require(can_tick(person, operation))
    first = NOT_APPLICABLE if item.not_applicable else DONE
    form = SettleForm(
        request.POST if request.method == "POST" else None,
        initial={"state": first, "reason": item.not_applicable},
    )
    if form.is_bound and form.is_valid():
        try:
            settle_item(item, actor=person, version=shown_version(request), **form.cleaned_data)
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('plan_checklists', args=[operation.reference])}#step-{item.pk}")
    log_read(person, "checklists", [operation])
    context = {
        "title": _("Settle this step"),
        "text": item.text,
        "form": form,
        "record": operation,
        "version": item.version,
        "submit_label": _("Save"),
        "cancel_url": reverse("plan_checklists", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=422 if form.is_bound else 200)
