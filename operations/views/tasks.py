"""Pages of tasks: the list by phase, one task, its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import LONGEST_VERSION, shown_version
from operations.forms.schedule import DaysForm, TaskFilterForm, TaskForm, key_of
from operations.models import OperationTask
from operations.policies.booking import can_request
from operations.policies.schedule import can_plan_time, can_report_progress
from operations.schedule.asset_use import booked_for_task
from operations.schedule.picture import tone_of
from operations.schedule.reading import ReadPlan
from operations.services.schedule import add_task, change_task, move_tasks
from operations.views.schedule_frame import Shown, show

TONES = {"planned": "running", "dropped": "draft"}


def operation_tasks(request: HttpRequest, reference: str) -> HttpResponse:
    """The tasks by phase, filtered; several of them are moved together."""
    shown = show(request, reference)
    days = DaysForm(request.POST or None)
    chosen = _chosen(request, shown)
    refused: dict[int, list[str]] = {}
    if request.method == "POST" and days.is_valid():
        try:
            moved = move_tasks(shown.revision, chosen, days=days.cleaned_data["days"], actor=shown.person)
        except InvalidError as error:
            refused = _refused_rows(error, days)
        else:
            words = ngettext("%(count)d task moved.", "%(count)d tasks moved.", len(moved))
            messages.success(request, words % {"count": len(moved)})
            return redirect(request.get_full_path())
    form = TaskFilterForm(_asked(request, shown), plan=shown.plan)
    groups = _groups(shown, form, refused, {task.pk for task, _version in chosen})
    context = {
        **shown.context("operation_tasks"),
        "actions": _list_actions(shown),
        "filter": form,
        "filtered": any(form.data.get(name) for name in form.fields),
        "whole": len(shown.plan.tasks),
        "groups": groups,
        "count": sum(len(group["rows"]) for group in groups),
        "days": days,
        "refused": refused,
    }
    status = form_status(request)
    return render(request, "operations/schedule/tasks.html", context, status=status)


# A plan with more tasks opens at the phase that runs now: all of them are too much for a slow link.
MOST_AT_ONCE = 120


def _asked(request: HttpRequest, shown: Shown) -> Any:
    """The filter of the address; of a large plan, without one, the phase of these days."""
    plan = shown.plan
    if len(plan.tasks) <= MOST_AT_ONCE or any(name in request.GET for name in TaskFilterForm.base_fields):
        return request.GET
    running = [phase for phase in plan.phases if phase.starts_at <= plan.now < phase.ends_at]
    ahead = [phase for phase in plan.phases if phase.starts_at > plan.now]
    first = (running or ahead or list(plan.phases[-1:]))[:1]
    return {"phase": str(first[0].key)} if first else request.GET


def _chosen(request: HttpRequest, shown: Shown) -> list[tuple[OperationTask, int]]:
    """The rows that were ticked, each as `number:version`; what is not of this plan is left out."""
    found = []
    for value in request.POST.getlist("task"):
        number, _colon, version = value.partition(":")
        fits = all(part.isdecimal() and len(part) <= LONGEST_VERSION for part in (number, version))
        task = shown.plan.by_number.get(int(number)) if fits else None
        if task is not None:
            found.append((task, int(version)))
    return found


def _refused_rows(error: InvalidError, form: DaysForm) -> dict[int, list[str]]:
    refused = {}
    for name, lines in error.fields.items():
        if name.startswith("tasks."):
            refused[int(name.partition(".")[2])] = lines
        else:
            form.add_error("days", lines[0])
    if refused:
        words = ngettext(
            "Nothing was moved: %(count)d task would not fit. The reason stands in its row.",
            "Nothing was moved: %(count)d tasks would not fit. The reasons stand in their rows.",
            len(refused),
        )
        form.add_error("days", words % {"count": len(refused)})
    return refused


def _groups(
    shown: Shown, form: TaskFilterForm, refused: dict[int, list[str]], chosen: set[int]
) -> list[dict[str, Any]]:
    """The rows that the filter lets through, by phase; phases without any stay while nothing is filtered."""
    wanted = form.cleaned_data if form.is_valid() else {"none": True}
    groups: dict[int | None, dict[str, Any]] = {
        phase.pk: {"phase": phase, "rows": []} for phase in shown.plan.phases
    }
    for task in shown.plan.tasks:
        if _passes(shown, task, wanted):
            group = groups.setdefault(task.phase_id, {"phase": None, "rows": []})
            group["rows"].append(_row(shown, task, refused, chosen))
    keep_empty = not any(wanted.values())
    return [group for group in groups.values() if group["rows"] or (keep_empty and group["phase"])]


def _passes(shown: Shown, task: OperationTask, wanted: dict[str, Any]) -> bool:
    plan, progress = shown.plan, shown.plan.progress.get(task.key)
    words = wanted.get("q", "").casefold()
    access = shown.person.access
    tests: dict[str, Callable[[str], bool]] = {
        "none": lambda _value: False,
        "q": lambda _value: words in f"{task.title} {task.details}".casefold(),
        "who": lambda value: (key_of(task) or "nobody") == value,
        "phase": lambda value: (str(task.phase.key) if task.phase else "none") == value,
        "state": lambda value: (progress.state if progress else "none") == value,
        "flag": lambda value: {
            "conflict": task.pk in plan.conflicts,
            "critical": task.pk in plan.on_path,
            "mine": task.office_id in access.offices or task.organisation_id in access.organisations,
        }[value],
    }
    return all(tests[name](value) for name, value in wanted.items() if value)


def _row(
    shown: Shown, task: OperationTask, refused: dict[int, list[str]], chosen: set[int]
) -> dict[str, Any]:
    tone = tone_of(shown.plan, task)
    return {
        "task": task,
        "url": shown.url("task", task.key),
        "progress": shown.plan.progress.get(task.key),
        "tone": TONES.get(tone, tone),
        "critical": task.pk in shown.plan.on_path,
        "conflicts": shown.plan.conflicts.get(task.pk, ()),
        "refused": refused.get(task.pk, ()),
        "chosen": task.pk in chosen,
    }


def tasks_live(request: HttpRequest, reference: str) -> HttpResponse:
    """How far every task is, for a list that is open: only the cells of the state change there."""
    shown = show(request, reference)
    log_read(shown.person, "progress of tasks", [shown.operation])
    rows = [_row(shown, task, {}, set()) for task in shown.plan.tasks]
    context = {"record": shown.operation, "query": shown.query, "rows": rows}
    return render(request, "operations/schedule/progress_cells.html", context)


def _list_actions(shown: Shown) -> list[dict[str, Any]]:
    actions = [
        {"label": _("As a document"), "url": shown.url("schedule_document"), "page": True},
    ]
    if shown.may_plan:
        actions += [
            {"label": _("Import tasks"), "url": shown.url("task_import"), "page": True},
            {"label": _("Add a phase"), "url": shown.url("phase_new"), "page": True},
            {"label": _("Add a task"), "url": shown.url("task_new"), "page": True, "primary": True},
        ]
    return actions


def task_detail(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """One task: what, who, when, what it needs and who needs it, what does not fit, how far it is."""
    shown = show(request, reference)
    task = shown.task(key)
    plan = shown.plan
    tone = tone_of(plan, task)
    page = shown.context("operation_tasks")
    booked = booked_for_task(shown.operation, task.key, shown.person)
    context = {
        **page,
        "page_classification": max([page["page_classification"], *(row.classification for row in booked)]),
        "task": task,
        "tone": TONES.get(tone, tone),
        "progress": plan.progress.get(task.key),
        "needs": [(one, shown.url("task", one.key)) for one in plan.needs_of(task)],
        "needed_by": [(one, shown.url("task", one.key)) for one in plan.needed_by(task)],
        "conflicts": plan.conflicts.get(task.pk, ()),
        "critical": task.pk in plan.on_path,
        "slack": _slack_words(plan, task),
        "booked": booked,
        "actions": _task_actions(shown, task),
    }
    return render(request, "operations/schedule/task.html", context)


def _slack_words(plan: ReadPlan, task: OperationTask) -> str:
    """By how much it may be late; empty where no path is reckoned."""
    slack = plan.slack_of(task) if plan.on_path else None
    return timesince(task.ends_at, task.ends_at + slack) if slack is not None else ""


def _task_actions(shown: Shown, task: OperationTask) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if can_request(shown.person, shown.operation):
        address = reverse("asset_request", args=[shown.operation.reference])
        actions.append({"label": _("Ask for an asset"), "url": f"{address}?task={task.key}", "page": True})
    if can_report_progress(shown.person, task):
        url = shown.url("task_step", task.key, "progress")
        actions.append({"label": _("Report progress"), "url": url, "primary": True})
    if shown.may_plan:
        actions += [
            {"label": _("Remove"), "url": shown.url("task_step", task.key, "remove")},
            {"label": _("Move"), "url": shown.url("task_step", task.key, "move")},
            {"label": _("Edit"), "url": shown.url("task_edit", task.key), "page": True},
        ]
    return actions


def task_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a task."""
    shown = show(request, reference)
    require(can_plan_time(shown.person, shown.revision))
    form = TaskForm(request.POST or None, plan=shown.plan, person=shown.person)
    if saved(
        request, form, lambda: add_task(shown.revision, form.input(), actor=shown.person), _("Task added.")
    ):
        return redirect(shown.url("operation_tasks"))
    return _form_page(request, shown, form, title=_("Add a task"), draft_key="task-new")


def task_edit(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Change a task and what it needs."""
    shown = show(request, reference)
    task = shown.task(key)
    require(can_plan_time(shown.person, shown.revision))
    form = TaskForm(request.POST or None, plan=shown.plan, person=shown.person, task=task)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: change_task(task, form.input(), actor=shown.person, version=version),
        _("Saved."),
    ):
        return redirect(shown.url("task", task.key))
    return _form_page(request, shown, form, title=_("Edit task"), draft_key=f"task-{task.key}", task=task)


def _form_page(
    request: HttpRequest,
    shown: Shown,
    form: TaskForm,
    *,
    title: str,
    draft_key: str,
    task: OperationTask | None = None,
) -> HttpResponse:
    log_read(shown.person, "task form", [shown.operation])
    context = {
        "title": title,
        "sub": shown.operation.title,
        "form": form,
        "form_actions": [{"label": _("Save task"), "primary": True}],
        "draft_key": f"{draft_key}-{shown.operation.reference}",
        "version": task.version if task else None,
        "cancel_url": shown.url("task", task.key) if task else shown.url("operation_tasks"),
        "page_classification": shown.operation.classification,
    }
    status = form_status(request)
    return render(request, "operations/schedule/task_form.html", context, status=status)
