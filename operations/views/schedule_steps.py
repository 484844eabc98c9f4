"""One step on a task or a phase: move, remove, report progress; and the form of a phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import LONGEST_VERSION, NoInputForm, shown_version
from operations.forms.schedule import DaysForm, MoveForm, PhaseForm, ProgressForm, show_at
from operations.models import OperationTask, Phase
from operations.policies.schedule import can_plan_time, can_report_progress
from operations.services.phases import add_phase, change_phase, move_phase, remove_phase
from operations.services.progress import ProgressInput, report_progress
from operations.services.schedule import move_task, remove_task
from operations.views.schedule_frame import Shown, show


@dataclass(frozen=True)
class Step:
    """A step as its page shows it; `run` gets the cleaned form and the version that was shown."""

    label: str
    text: str
    done: str
    form: forms.Form
    version: int
    run: Callable[[dict[str, Any], int], Any]
    back: str
    danger: bool = False


def _take(request: HttpRequest, shown: Shown, row: Any, step: Step) -> HttpResponse:
    """The page of a step, and the step itself."""
    if request.method == "POST" and step.form.is_valid():
        try:
            step.run(step.form.cleaned_data, shown_version(request))
        except InvalidError as error:
            show_at(step.form, error)
        else:
            messages.success(request, step.done)
            return redirect(step.back)
    log_read(shown.person, "task step", [shown.operation])
    context = {
        "title": step.label,
        "record": row,
        "text": step.text,
        "form": step.form,
        "version": step.version,
        "submit_label": step.label,
        "danger": step.danger,
        "cancel_url": step.back,
        "page_classification": shown.operation.classification,
    }
    return render(request, "layouts/verb.html", context, status=form_status(request))


def task_step(request: HttpRequest, reference: str, key: UUID, step: str) -> HttpResponse:
    """Move, remove, or report on one task."""
    steps: dict[str, tuple[Callable[..., Step], Callable[[Shown, OperationTask], Decision]]] = {
        "move": (_move, lambda shown, _task: can_plan_time(shown.person, shown.revision)),
        "remove": (_remove, lambda shown, _task: can_plan_time(shown.person, shown.revision)),
        "progress": (_progress, lambda shown, task: can_report_progress(shown.person, task)),
    }
    shown = show(request, reference)
    task = shown.task(key)
    if step not in steps:
        raise Http404
    make, policy = steps[step]
    require(policy(shown, task))
    return _take(request, shown, task, make(request, shown, task))


def _move(request: HttpRequest, shown: Shown, task: OperationTask) -> Step:
    def run(data: dict[str, Any], version: int) -> None:
        move_task(
            task,
            actor=shown.person,
            version=version,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            to=data["who"],
        )

    form = MoveForm(request.POST or None, plan=shown.plan, task=task)
    text = _("What needs it, what it needs and its phase stay as they are.")
    back = shown.url("task", task.key)
    return Step(_("Move task"), text, _("Task moved."), form, task.version, run, back)


def _remove(request: HttpRequest, shown: Shown, task: OperationTask) -> Step:
    def run(_data: dict[str, Any], version: int) -> None:
        remove_task(task, actor=shown.person, version=version)

    return Step(
        _("Remove task"),
        _("It leaves the plan that is being written. Earlier revisions keep it."),
        _("Task removed."),
        NoInputForm(request.POST or None),
        task.version,
        run,
        shown.url("operation_tasks"),
        danger=True,
    )


def _progress(request: HttpRequest, shown: Shown, task: OperationTask) -> Step:
    reported = shown.plan.progress.get(task.key)

    def run(data: dict[str, Any], _version: int) -> None:
        report_progress(task, ProgressInput(**data), actor=shown.person, version=_counted(request))

    return Step(
        _("Report progress"),
        _("Everybody who reads the operation sees it."),
        _("Progress reported."),
        ProgressForm(request.POST or None, progress=reported),
        reported.version if reported else 0,
        run,
        shown.url("task", task.key),
    )


def _counted(request: HttpRequest) -> int:
    """As `shown_version`; what was never reported on has version 0, so a mangled one must fit nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= LONGEST_VERSION else -1


def phase_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a phase."""
    shown = show(request, reference)
    require(can_plan_time(shown.person, shown.revision))
    operation = shown.operation
    initial = {"order": 100, "starts_at": operation.starts_at, "ends_at": operation.ends_at}
    form = PhaseForm(request.POST or None, initial=initial)

    def write() -> Phase:
        return add_phase(shown.revision, form.input(), actor=shown.person)

    return _phase_page(request, shown, form, write, title=_("Add a phase"))


def phase_edit(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Change a phase."""
    shown = show(request, reference)
    phase = shown.phase(key)
    require(can_plan_time(shown.person, shown.revision))
    names = ("name", "intent", "starts_at", "ends_at", "order")
    form = PhaseForm(request.POST or None, initial={name: getattr(phase, name) for name in names})

    def write() -> Phase:
        return change_phase(phase, form.input(), actor=shown.person, version=shown_version(request))

    return _phase_page(request, shown, form, write, title=_("Edit phase"), phase=phase)


def _phase_page(
    request: HttpRequest,
    shown: Shown,
    form: PhaseForm,
    write: Callable[[], Phase],
    *,
    title: str,
    phase: Phase | None = None,
) -> HttpResponse:
    if saved(request, form, write, _("Saved.")):
        return redirect(shown.url("operation_tasks"))
    log_read(shown.person, "phase form", [shown.operation])
    context = {
        "title": title,
        "sub": shown.operation.title,
        "form": form,
        "form_actions": [{"label": _("Save phase"), "primary": True}],
        "draft_key": f"phase-{phase.key if phase else 'new'}-{shown.operation.reference}",
        "version": phase.version if phase else None,
        "cancel_url": shown.url("operation_tasks"),
        "page_classification": shown.operation.classification,
    }
    status = form_status(request)
    return render(request, "layouts/form.html", context, status=status)


def phase_step(request: HttpRequest, reference: str, key: UUID, step: str) -> HttpResponse:
    """Move a phase with its tasks, or remove it."""
    shown = show(request, reference)
    phase = shown.phase(key)
    if step not in ("move", "remove"):
        raise Http404
    require(can_plan_time(shown.person, shown.revision))

    def move(data: dict[str, Any], version: int) -> None:
        move_phase(phase, actor=shown.person, version=version, days=data["days"])

    def remove(_data: dict[str, Any], version: int) -> None:
        remove_phase(phase, actor=shown.person, version=version)

    back = shown.url("operation_tasks")
    if step == "move":
        text = _("All tasks in it move with it, or nothing moves.")
        form = DaysForm(request.POST or None)
        made = Step(_("Move phase"), text, _("Phase moved with its tasks."), form, phase.version, move, back)
    else:
        text = _("It leaves the plan that is being written. Earlier revisions keep it.")
        empty = NoInputForm(request.POST or None)
        made = Step(
            _("Remove phase"), text, _("Phase removed."), empty, phase.version, remove, back, danger=True
        )
    return _take(request, shown, phase, made)
