"""The plan over time: Gantt chart and synchronisation matrix, and the moves made in them by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError, PortalError
from cimic_portal.core.problems import MEDIA_TYPE, Problem
from cimic_portal.core.templatetags.moments import moment_text
from operations.forms.schedule import DragForm
from operations.schedule.axis import ZOOMS, Axis, make_axis, usual_since, usual_view, whole_span
from operations.schedule.picture import Picture, draw_gantt, draw_matrix
from operations.schedule.reading import ReadPlan, read_plan
from operations.services.schedule import move_task
from operations.views.schedule_frame import Shown, show

VIEWS = {"operation_gantt": draw_gantt, "operation_matrix": draw_matrix}


@require_GET
def operation_gantt(request: HttpRequest, reference: str) -> HttpResponse:
    """A row for each task, by phase, with critical path, slack, conflicts and decision points."""
    return _page(request, show(request, reference), "operation_gantt")


@require_GET
def operation_matrix(request: HttpRequest, reference: str) -> HttpResponse:
    """A row for each participant, with its tasks in it."""
    return _page(request, show(request, reference), "operation_matrix")


def _page(request: HttpRequest, shown: Shown, route: str) -> HttpResponse:
    """The page, or with htmx its rows alone."""
    zoom, since = _asked(request, shown.plan)
    axis = make_axis(shown.plan, zoom, since)
    picture = VIEWS[route](shown.plan, axis)
    context = {
        **shown.context(route),
        **_drawn(shown, picture),
        "picture": picture,
        "refresh_url": request.get_full_path(),
        "zooms": _zooms(shown, route, zoom, since),
        "zoom": zoom,
        "steps": _steps(shown, route, zoom, axis),
        "is_matrix": route == "operation_matrix",
        "conflict_count": len(shown.plan.conflicts),
        "actions": [
            {"label": _("As a document"), "url": shown.url("schedule_document"), "page": True},
            *(
                [{"label": _("Add a task"), "url": shown.url("task_new"), "page": True}]
                if shown.may_plan
                else []
            ),
        ],
        "drag_query": request.GET.urlencode(),
    }
    part = "time_rows" if getattr(request, "htmx", False) else "time"
    return render(request, f"operations/schedule/{part}.html", context)


def _asked(request: HttpRequest, plan: ReadPlan) -> tuple[str, datetime | None]:
    """Zoom and first day of the address; what cannot be read is as if it were not there."""
    zoom = request.GET.get("zoom", "")
    if zoom not in ZOOMS:
        return usual_view(plan)
    try:
        first = parse_date(request.GET.get("from", "")[:10])
    except ValueError:
        first = None
    since = timezone.make_aware(datetime.combine(first, datetime.min.time())) if first else None
    return zoom, since or usual_since(plan, zoom)


def _address(shown: Shown, route: str, **query: str) -> str:
    asked = {"revision": shown.asked, **query}
    return f"{shown.url(route).partition('?')[0]}?{urlencode({k: v for k, v in asked.items() if v})}"


def _zooms(shown: Shown, route: str, zoom: str, since: datetime | None) -> list[dict[str, Any]]:
    words = {
        "whole": _("Whole"),
        "phase": _("By phase"),
        "month": _("3 months"),
        "week": _("4 weeks"),
        "fortnight": _("2 weeks"),
        "day": _("7 days"),
    }
    day = f"{timezone.localtime(since):%Y-%m-%d}" if since else ""
    return [
        {
            "label": label,
            "url": _address(shown, route, zoom=name, **{"from": "" if ZOOMS[name].width else day}),
            "current": name == zoom,
        }
        for name, label in words.items()
    ]


def _steps(shown: Shown, route: str, zoom: str, axis: Axis) -> list[tuple[str, str]]:
    """Earlier and later, where not all fits on one page."""
    start, end = whole_span(shown.plan)
    length = axis.end - axis.start
    found = []
    if axis.start > start:
        day = max(start, axis.start - length)
        found.append((_("Earlier"), day))
    if axis.end < end:
        found.append((_("Later"), axis.end))
    return [
        (words, _address(shown, route, zoom=zoom, **{"from": f"{timezone.localtime(day):%Y-%m-%d}"}))
        for words, day in found
    ]


def _drawn(shown: Shown, picture: Picture) -> dict[str, Any]:
    """What the rows need to be drawn, on the page and after a move."""
    return {
        "axis": picture.axis,
        "base": shown.url("operation_tasks").partition("?")[0],
        "query": shown.query,
        "may_plan": shown.may_plan,
        "tasks_on_path": shown.plan.on_path,
    }


def _rows(shown: Shown, route: str, zoom: str, since: datetime | None) -> dict[str, str]:
    """Every row of the picture as markup, by its name; the arrows between them like a row."""
    picture = VIEWS[route](shown.plan, make_axis(shown.plan, zoom, since))
    drawn = {**_drawn(shown, picture), "picture": picture}
    rows: dict[str, str] = {
        row.key: render_to_string("operations/schedule/time_row.html", {**drawn, "row": row})
        for row in picture.rows
    }
    if picture.arrows:
        rows["arrows"] = render_to_string("operations/schedule/time_arrows.html", drawn)
    return rows


@require_POST
def task_drag(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """A task moved in the picture: the same verb as by the form, answered as JSON.

    200 with the new words and every row of the picture that looks otherwise now; else the reason, as
    problem details. `?view=matrix` or `gantt`, and what else the page was asked for.
    """
    shown = show(request, reference)
    task = shown.task(key)
    form = DragForm(request.POST, plan=shown.plan)
    route = "operation_matrix" if request.GET.get("view") == "matrix" else "operation_gantt"
    zoom, since = _asked(request, shown.plan)
    before, span = _rows(shown, route, zoom, since), whole_span(shown.plan)
    log_read(shown.person, "task drag", [shown.operation])
    try:
        if not form.is_valid():
            raise InvalidError({name: [str(line) for line in lines] for name, lines in form.errors.items()})
        data = form.cleaned_data
        moved = move_task(
            task,
            actor=shown.person,
            version=data["version"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            to=data["who"],
        )
    except PortalError as error:
        members = Problem.of(error).members()
        return JsonResponse(members, status=error.status, content_type=MEDIA_TYPE)
    shown.plan = read_plan(shown.revision, shown.person)
    after = _rows(shown, route, zoom, since)
    words = _("%(task)s: %(start)s to %(end)s")
    told = {"task": moved.title, "start": moment_text(moved.starts_at), "end": moment_text(moved.ends_at)}
    # Where the axis itself or the set of rows changed, the page is drawn anew.
    anew = list(before) != list(after) or span != whole_span(shown.plan)
    changed = {name: markup for name, markup in after.items() if before.get(name) != markup}
    return JsonResponse({"said": words % told, "anew": anew, "rows": {} if anew else changed})
