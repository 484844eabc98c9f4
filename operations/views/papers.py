"""The papers of an order: made here as PDF, listed with how far they are and whether they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core import progress
from cimic_portal.core.models import DocumentState
from operations.forms.papers import PaperForm
from operations.policies.papers import FRAGO, ORDER, can_make_paper
from operations.reports.order_papers import papers_of
from operations.reports.plan_book import find_revision
from operations.services.order_papers import ask_for_paper
from operations.views.frame import fetch, page_of
from operations.views.plan_frame import revisions_of

if TYPE_CHECKING:
    from operations.reports.order_papers import Paper


def operation_papers(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a paper, and see the papers there are. `?revision=3&paper=frago` chooses beforehand."""
    person: Any = request.user
    operation = fetch(request, reference)
    revisions = revisions_of(person, operation)
    shown = find_revision(person, operation, request.GET.get("revision", ""))
    chosen = shown or find_revision(person, operation)
    if chosen is not None:
        chosen.operation = operation
    wanted = FRAGO if request.GET.get("paper") == FRAGO and chosen and chosen.is_frago else ORDER
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        person=person,
        revisions=revisions,
        chosen=chosen.number if chosen else None,
        initial={"paper": wanted},
    )
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        revision.operation = operation
        ask_for_paper(revision, form.cleaned_data["paper"], office=form.cleaned_data["office"], actor=person)
        messages.success(request, _("The paper is being made. You can leave this page."))
        return redirect("operation_papers", operation.reference)
    papers = papers_of(person, operation)
    context = {
        **page_of(person, operation, "operation_papers", [paper.document for paper in papers]),
        "form": form,
        "may_make": can_make_paper(person, chosen) if chosen is not None else None,
        "papers": papers,
        "progress": _running(papers),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "operations/papers/list.html", context, status=status)


def _running(papers: list[Paper]) -> dict[str, Any] | None:
    """Context of `components/progress.html` for the newest paper that is still being made."""
    making = next((paper.document for paper in papers if paper.document.is_being_made), None)
    if making is None:
        return None
    steps = progress.steps_of(making.pk)
    waiting = making.state == DocumentState.QUEUED
    return {
        "url": reverse("document_progress", args=[making.reference]),
        "label": _("Waiting for its turn") if waiting else _("Being made"),
        "value": steps.done if steps else None,
        "maximum": steps.total if steps else None,
    }
