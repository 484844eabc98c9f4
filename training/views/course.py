"""Pages of courses: one with its sessions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.policies import require
from cimic_portal.core.views.history import reference_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from training.forms.catalogue import CourseForm
from training.models import Course, Module, Session
from training.policies.course import can_keep_courses, can_plan_session
from training.services import course as services

PAST = 5


def fetch(request: HttpRequest, code: str) -> Course:
    person: Any = request.user
    return get_object_or_404(Course.objects.visible_to(person).select_related("office"), code=code)


def course_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One course: what one can do afterwards, how long it is valid, when it is held."""
    person: Any = request.user
    course = fetch(request, code)
    rows = Session.objects.filter(course=course).select_related("place", "course")
    ahead = list(rows.ahead().order_by("starts_at", "pk"))
    actions = []
    if can_plan_session(person, course):
        actions.append(
            {
                "label": _("Plan a session"),
                "url": reverse("session_plan", args=[course.code]),
                "page": True,
                "primary": True,
            }
        )
    if can_keep_courses(person):
        url = reverse("course_edit", args=[course.code])
        actions.append({"label": _("Change"), "url": url, "page": True})
    context = {
        "title": course.title,
        "course": course,
        "ahead": ahead,
        "before": list(rows.exclude(pk__in=[one.pk for one in ahead]).order_by("-starts_at", "-pk")[:PAST]),
        "modules": Module.objects.visible_to(person).filter(course=course, is_archived=False),
        "actions": actions,
        "history": reference_history(course, person),
        "page_classification": 1,
    }
    return render(request, "training/course/detail.html", context)


def course_add(request: HttpRequest) -> HttpResponse:
    """Add a course to the catalogue."""
    person: Any = request.user
    require(can_keep_courses(person))
    form = CourseForm(request.POST or None)
    made = saved(request, form, lambda: services.add_course(form.input(), actor=person), _("Course entered."))
    if made:
        return redirect(made.get_absolute_url())
    return _form_page(request, form, _("New course"), reverse("courses"), draft="course-new")


def course_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a course, or give it no longer."""
    person: Any = request.user
    course = fetch(request, code)
    require(can_keep_courses(person))
    form = CourseForm(request.POST or None, course=course)
    done = saved(
        request,
        form,
        lambda: services.change_course(course, form.input(), actor=person, version=shown_version(request)),
        _("Course changed."),
    )
    if done:
        return redirect(done.get_absolute_url())
    return _form_page(
        request,
        form,
        _("Change course"),
        course.get_absolute_url(),
        draft=f"course-{course.pk}",
        version=course.version,
    )


def _form_page(
    request: HttpRequest, form: CourseForm, title: str, back: str, *, draft: str, version: int | None = None
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "form_actions": [{"label": _("Save course"), "primary": True}],
        "cancel_url": back,
        "draft_key": draft,
        "version": version,
    }
    return render(request, "training/course/form.html", context, status=form_status(request))
