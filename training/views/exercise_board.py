"""The control board of a run: its clock, the injects, what comes back, and the observation of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import NoInputForm, shown_version
from training.forms.exercise_play import ObserveForm
from training.models import (
    Exercise,
    ExerciseInject,
    ExerciseObservation,
    ExerciseRun,
    InjectDelivery,
    InjectResponse,
    RunState,
    clock_words,
)
from training.policies import exercise as policies
from training.reports.exercise_msel import msel_of
from training.services import exercise_run as services
from training.services.exercise_review import observe
from training.views.exercise_frame import fetch, fetch_run, page_of, step_page

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Of what comes back, as many as are looked at during a run.
NEWEST = 30
RUN_STEPS: dict[str, tuple[Any, Any, Any, Any, Any]] = {
    "start": (
        policies.can_start,
        services.start_run,
        gettext_lazy("STARTEX"),
        gettext_lazy(
            "The clock of this run begins; everyone who is seated is told, and timed injects come by it."
        ),
        gettext_lazy("STARTEX. The clock runs."),
    ),
    "pause": (
        policies.can_pause,
        services.pause_run,
        gettext_lazy("Pause"),
        gettext_lazy("The clock stops, and nothing is delivered until you resume."),
        gettext_lazy("The clock is paused."),
    ),
    "resume": (
        policies.can_resume,
        services.resume_run,
        gettext_lazy("Resume"),
        gettext_lazy("The clock runs on; the pause is taken out of exercise time."),
        gettext_lazy("The clock runs again."),
    ),
    "end": (
        policies.can_end_run,
        services.end_run,
        gettext_lazy("End this run"),
        gettext_lazy("The clock of this team stops for good. The exercise goes on until ENDEX."),
        gettext_lazy("This run has ended."),
    ),
}
INJECT_STEPS: dict[str, tuple[Any, Any, Any]] = {
    "deliver": (services.deliver_inject, gettext_lazy("Deliver now"), gettext_lazy("Delivered.")),
    "hold": (services.hold_inject, gettext_lazy("Hold back"), gettext_lazy("Held back.")),
    "skip": (services.skip_inject, gettext_lazy("Skip"), gettext_lazy("Skipped.")),
}


def _watched(request: HttpRequest, reference: str, number: int) -> tuple[Exercise, ExerciseRun]:
    exercise = fetch(request, reference)
    person: Any = request.user
    if not policies.watches(person, exercise) and exercise.owner_office_id not in person.access.owned:
        raise Http404
    return exercise, fetch_run(request, exercise, number)


def exercise_board(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The board, or with htmx what changes on it; a POST notes an observation."""
    person: Any = request.user
    exercise, run = _watched(request, reference, number)
    may_observe = bool(policies.can_observe(person, run))
    form = ObserveForm(request.POST or None, run=run, person=person) if may_observe else None
    if request.method == "POST":
        require(policies.can_observe(person, run))
        assert form is not None  # Who may note something has the form.
        noted = form
        if saved(request, form, lambda: observe(run, actor=person, **noted.cleaned_data), _("Noted.")):
            return redirect(f"{run.get_absolute_url()}#id_seen")
    context = {
        **page_of(person, exercise, run.get_absolute_url()),
        **board_of(person, exercise, run),
        "form": form,
        "draft_key": f"exercise-observe-{exercise.reference}-{run.number}",
    }
    live = request.htmx and request.method == "GET"  # type: ignore[attr-defined]
    template = "training/exercise/board_live.html" if live else "training/exercise/board.html"
    return render(request, template, context, status=form_status(request))


def board_of(person: Person, exercise: Exercise, run: ExerciseRun) -> dict[str, Any]:
    """The clock, the injects with what became of them, the newest answers and observations."""
    now = timezone.now()
    seconds = run.elapsed(now)
    deliveries = InjectDelivery.objects.visible_to(person).filter(run=run).select_related("by")
    known = {row.inject_id: row for row in deliveries}
    answers = InjectResponse.objects.visible_to(person).filter(delivery__run=run)
    newest = list(
        answers.select_related("role", "author", "delivery__inject").order_by("-at", "-pk")[:NEWEST]
    )
    seen = ExerciseObservation.objects.visible_to(person).filter(run=run)
    counts: dict[int, int] = {}
    for pk in answers.order_by().values_list("delivery__inject_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "delivery": known.get(row.inject.pk),
            "answers": counts.get(row.inject.pk, 0),
            "steps": _steps(known.get(row.inject.pk)),
        }
        for row in msel_of(exercise, person)
    ]
    return {
        "run": run,
        "seconds": seconds,
        "clock": clock_words(seconds),
        "is_running": run.state == RunState.RUNNING,
        "rows": rows,
        "next": next(
            (one for one in rows if one["delivery"] is None and one["row"].inject.at_minute is not None), None
        ),
        "answers": newest,
        "observations": list(
            seen.select_related("objective", "author", "inject").order_by("-at", "-pk")[:NEWEST]
        ),
        "may_deliver": bool(policies.can_deliver(person, run)),
        "run_actions": _run_actions(person, run),
    }


def _steps(delivery: InjectDelivery | None) -> list[tuple[str, Any]]:
    """What control can do with an inject: nothing more once it was delivered or skipped."""
    if delivery is None:
        return [(name, step[1]) for name, step in INJECT_STEPS.items()]
    if delivery.state == "held":
        return [(name, INJECT_STEPS[name][1]) for name in ("deliver", "skip")]
    return []


def _run_actions(person: Person, run: ExerciseRun) -> list[dict[str, Any]]:
    found = [
        {"label": label, "url": f"{run.get_absolute_url()}{name}/", "primary": name != "end"}
        for name, (policy, _run, label, _text, _done) in RUN_STEPS.items()
        if policy(person, run)
    ]
    return sorted(found, key=lambda action: not action["primary"])


def run_step(request: HttpRequest, reference: str, number: int, step: str) -> HttpResponse:
    """STARTEX, pause, resume, end of one run."""
    person: Any = request.user
    exercise, run = _watched(request, reference, number)
    if step not in RUN_STEPS:
        raise Http404
    policy, service, label, text, done = RUN_STEPS[step]
    require(policy(person, run))
    form = NoInputForm(request.POST if request.method == "POST" else None)
    version = shown_version(request)
    if saved(request, form, lambda: service(run, actor=person, version=version), done):
        return redirect(run.get_absolute_url())
    return step_page(
        request,
        exercise,
        form,
        title=str(label),
        text=str(text),
        cancel_url=run.get_absolute_url(),
        version=run.version,
        danger=step == "end",
    )


def inject_step(request: HttpRequest, reference: str, number: int, pk: int, step: str) -> HttpResponse:
    """Deliver an inject now, hold it back, or skip it."""
    person: Any = request.user
    exercise, run = _watched(request, reference, number)
    if step not in INJECT_STEPS:
        raise Http404
    rows = ExerciseInject.objects.visible_to(person).filter(exercise=exercise)
    inject = get_object_or_404(rows, pk=pk)
    service, label, done = INJECT_STEPS[step]
    require(policies.can_deliver(person, run))
    if request.method == "POST":
        service(run, inject, actor=person, version=shown_version(request))
        messages.success(request, f"{inject}: {done}")
        return redirect(run.get_absolute_url())
    return step_page(
        request,
        exercise,
        NoInputForm(),
        title=str(label),
        text=f"“{inject}”",
        cancel_url=run.get_absolute_url(),
        version=run.version,
        danger=step == "skip",
    )
