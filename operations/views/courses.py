"""Courses of action: the comparison, its form, and the choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.policies import require
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.verbs import show_problems, shown_version
from operations.forms.courses import ChooseForm, ComparisonForms
from operations.models import CourseOfAction, Operation, PlanRevision
from operations.policies.plan import can_write_plan
from operations.reports.plan_book import comparison_of
from operations.services.courses import choose_course, compare_courses
from operations.views.frame import fetch
from operations.views.plan_frame import plan_page, revision_to_write

ACTIONS = [{"label": gettext_lazy("Save comparison"), "primary": True}]


def plan_courses(request: HttpRequest, reference: str) -> HttpResponse:
    """Courses against weighted criteria, the best marked, and which was chosen why."""
    person: Any = request.user
    operation = fetch(request, reference)
    context, revision = plan_page(request, operation, "plan_courses")
    comparison = comparison_of(person, revision)
    chosen = next((line.course for line in comparison.courses if line.course.is_chosen), None)
    return render(
        request, "operations/plan/courses.html", {**context, "comparison": comparison, "chosen": chosen}
    )


def _to_write(request: HttpRequest, reference: str) -> tuple[Operation, PlanRevision]:
    person: Any = request.user
    operation = fetch(request, reference)
    revision = revision_to_write(person, operation)
    require(can_write_plan(person, revision))
    return operation, revision


def _courses_url(operation: Operation, revision: PlanRevision) -> str:
    return f"{reverse('plan_courses', args=[operation.reference])}?revision={revision.number}"


def plan_courses_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Criteria, weights, courses and scores in one form. When changed meanwhile, what was typed stays."""
    person: Any = request.user
    operation, revision = _to_write(request, reference)
    comparison = comparison_of(person, revision)
    forms = ComparisonForms(comparison, request.POST if request.method == "POST" else None)
    shown = request.POST.get("comparison", "")[:64]
    changes: list[str] = []
    if request.method == "POST" and forms.is_valid():
        try:
            compare_courses(revision, forms.input(), actor=person, version=shown)
        except InvalidError as error:
            forms.show(error)
        except StaleError as error:
            changes, shown = error.changes, comparison.version
        else:
            messages.success(request, _("Comparison saved."), draft_tag(request))
            return redirect(_courses_url(operation, revision))
    log_read(person, "courses of action", [operation])
    context = {
        "title": _("Compare courses of action"),
        "sub": operation,
        "form": forms.scores,
        "forms": forms,
        "formsets": forms.formsets,
        "form_actions": ACTIONS,
        "draft_key": f"plan-{operation.reference}-courses",
        "comparison_version": shown or comparison.version,
        "changes": changes,
        "cancel_url": reverse("plan_courses", args=[operation.reference]),
        "page_classification": operation.classification,
    }
    status = 409 if changes else 422 if request.method == "POST" else 200
    return render(request, "operations/plan/courses_form.html", context, status=status)


def plan_course_choose(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Choose this course, with the reason."""
    person: Any = request.user
    operation, revision = _to_write(request, reference)
    rows = CourseOfAction.objects.visible_to(person).filter(revision=revision).select_related("revision")
    course = get_object_or_404(rows, key=key)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            choose_course(
                course, actor=person, version=shown_version(request), reason=form.cleaned_data["reason"]
            )
        except InvalidError as error:
            show_problems(form, error)
        else:
            messages.success(request, _("Course of action chosen."))
            return redirect(_courses_url(operation, revision))
    log_read(person, "courses of action", [operation])
    context = {
        "title": _("Choose “%s”") % course,
        "text": _("The plan is written for the course that is chosen; the others stay for comparison."),
        "form": form,
        "record": operation,
        "version": course.version,
        "submit_label": _("Choose this course"),
        "cancel_url": _courses_url(operation, revision),
        "page_classification": operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=422 if form.is_bound else 200)
