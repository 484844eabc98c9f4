"""Pages of courses: one with its sessions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from training.models import Course, Module, Session
from training.policies.course import can_plan_session

PAST = 5


def course_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One course: what one can do afterwards, how long it is valid, when it is held."""
    person: Any = request.user
    course = get_object_or_404(Course.objects.visible_to(person).select_related("office"), code=code)
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
    context = {
        "title": course.title,
        "course": course,
        "ahead": ahead,
        "before": list(rows.exclude(pk__in=[one.pk for one in ahead]).order_by("-starts_at", "-pk")[:PAST]),
        "modules": Module.objects.visible_to(person).filter(course=course, is_archived=False),
        "actions": actions,
        "page_classification": 1,
    }
    return render(request, "training/course/detail.html", context)
