"""The text of the plan: read it, write a section, bring two texts together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.merging import MergeNeededError
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.merging import both_texts
from cimic_portal.core.views.verbs import show_problems, shown_version
from operations.forms.plan import SectionForm
from operations.models import Operation, PlanRevision, PlanSection, SectionKind
from operations.policies.plan import can_write_section
from operations.reports.plan_book import sections_of, writers_of
from operations.services.plan_text import save_section
from operations.views.frame import fetch, page_of, while_planned
from operations.views.plan_frame import plan_page, revision_to_write

ACTIONS = [{"label": gettext_lazy("Save section"), "primary": True}]


def operation_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """The five sections of a revision: their text, who writes them, who changed them when."""
    person: Any = request.user
    operation = fetch(request, reference)
    if not PlanRevision.objects.visible_to(person).filter(operation=operation).exists():
        # Who was let in by name reads the record; its drafts are read by those who write them.
        return render(request, "operations/plan/closed.html", page_of(person, operation, "operation_plan"))
    context, revision = plan_page(request, operation, "operation_plan")
    writers = writers_of(person, revision)
    own = {kind for kind, writer in writers.items() if writer.position_id in person.access.positions}
    sections = [
        {
            "section": section,
            "writer": writers.get(section.kind),
            "can_write": revision.is_writable and (context["can_write"] or section.kind in own),
        }
        for section in sections_of(person, revision)
    ]
    shown = while_planned(person, operation, context) | {"paragraphs": sections}
    return render(request, "operations/plan/text.html", shown)


def plan_section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Write one section."""
    person: Any = request.user
    operation = fetch(request, reference)
    if section not in SectionKind.values:
        raise Http404
    revision = revision_to_write(person, operation)
    require(can_write_section(person, revision, section))
    row = PlanSection.objects.visible_to(person).get(revision=revision, kind=section)
    log_read(person, "section of a plan", [operation])
    if request.method != "POST":
        form = SectionForm(initial={"text": row.text, "revision": revision.number})
        return _section_page(request, operation, row, form)
    form = SectionForm(request.POST)
    if form.is_valid():
        try:
            return _save(request, operation, revision, row, form)
        except InvalidError as error:
            show_problems(form, error)
        except MergeNeededError as error:
            return _merge_page(request, operation, revision, error)
    return _section_page(request, operation, row, form, status=422)


def _save(
    request: HttpRequest, operation: Operation, revision: PlanRevision, row: PlanSection, form: SectionForm
) -> HttpResponse:
    person: Any = request.user
    save_section(
        revision,
        row.kind,
        form.cleaned_data["text"],
        actor=person,
        version=shown_version(request),
        shown_in=form.cleaned_data["revision"],
    )
    messages.success(request, _("Section saved."), draft_tag(request))
    plan = reverse("operation_plan", args=[operation.reference])
    return redirect(f"{plan}?revision={revision.number}#section-{row.kind}")


def _section_page(
    request: HttpRequest,
    operation: Operation,
    row: PlanSection,
    form: SectionForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "title": row,
        "sub": operation,
        "operation": operation,
        "section": row,
        "form": form,
        "form_actions": ACTIONS,
        "draft_key": f"plan-{operation.reference}-{row.kind}",
        # Of a refused form the version that was shown to whoever typed it.
        "version": request.POST.get("version") or row.version if form.is_bound else row.version,
        "cancel_url": reverse("operation_plan", args=[operation.reference]),
        "page_classification": operation.classification,
        **more,
    }
    return render(request, "operations/plan/section_form.html", context, status=status)


def _merge_page(
    request: HttpRequest, operation: Operation, revision: PlanRevision, error: MergeNeededError
) -> HttpResponse:
    """Both texts and what they came from, side by side, and the proposal to be edited and saved."""
    form = SectionForm(initial={"text": error.merged.text, "revision": revision.number})
    return _section_page(
        request,
        operation,
        error.row,
        form,
        status=409,
        merging=both_texts(error),
    )
