"""What every page of one exercise begins with: the exercise, its tabs, what this reader may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.saving import form_status
from training.models import Exercise, ExerciseRun, ExerciseSeat, Side
from training.policies.exercise import controls

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

TOLD = ("ended", "evaluated", "closed")


def fetch(request: HttpRequest, reference: str) -> Exercise:
    """The exercise, or 404 where this person may not see it."""
    rows = Exercise.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "theme", "kind", "area", "author", "owner_office"
    )
    return get_object_or_404(rows, reference=reference)


def fetch_run(request: HttpRequest, exercise: Exercise, number: int) -> ExerciseRun:
    """A run of it, with the exercise at hand."""
    rows = ExerciseRun.objects.visible_to(request.user).filter(exercise=exercise)  # type: ignore[arg-type]
    run = get_object_or_404(rows, number=number)
    run.exercise = exercise
    return run


def runs_of(person: Person, exercise: Exercise) -> list[ExerciseRun]:
    runs = list(ExerciseRun.objects.visible_to(person).filter(exercise=exercise))
    for run in runs:
        run.exercise = exercise
    return runs


def own_seats(person: Person, exercise: Exercise) -> list[ExerciseSeat]:
    """The seats that the person takes in it."""
    rows = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise).of(person)
    return list(rows.select_related("role", "run", "position__office", "person"))


def page_of(
    person: Person, exercise: Exercise, route: str, others: Iterable[SharedRecord] = ()
) -> dict[str, Any]:
    """The context that every page of an exercise shows; the read is logged.

    `runs_it`: the reader is exercise control, or watches; `plays`: the runs in which they play; `began`
    and `ended`: the first STARTEX and the last ENDEX of its runs, beside the plan.
    """
    seats = own_seats(person, exercise)
    in_control = bool(controls(person, exercise))
    watches = (
        in_control
        or exercise.owner_office_id in person.access.owned
        or any(seat.role.side != Side.PLAYER for seat in seats)
    )
    runs = runs_of(person, exercise)
    return {
        **opened(person, exercise, others),
        "in_control": in_control,
        "runs_it": watches,
        "runs": runs,
        "seats": seats,
        "began": min((run.started_at for run in runs if run.started_at), default=None),
        "ended": None
        if exercise.is_open
        else max((run.ended_at for run in runs if run.ended_at), default=None),
        "plays": sorted({seat.run_id for seat in seats if seat.run_id}),
        "tabs": _tabs(exercise, route, watches, runs, seats),
        "tabs_label": _("Pages of this exercise"),
    }


def _tabs(
    exercise: Exercise, route: str, watches: bool, runs: list[ExerciseRun], seats: list[ExerciseSeat]
) -> list[dict[str, Any]]:
    """Overview for all; the plan and the boards for control; the inbox for players; what came of it."""
    one = [exercise.reference]
    found = [(_("Overview"), reverse("exercise", args=one))]
    if watches:
        found.append((_("Plan and MSEL"), reverse("exercise_plan", args=one)))
        found += [
            (_("Board: %(team)s") % {"team": run.team}, reverse("exercise_board", args=[*one, run.number]))
            for run in runs
        ]
    played = {seat.run_id for seat in seats if seat.run_id}
    found += [
        (
            _("Exercise inbox: %(team)s") % {"team": run.team},
            reverse("exercise_inbox", args=[*one, run.number]),
        )
        for run in runs
        if run.pk in played
    ]
    if exercise.state in TOLD:
        found.append((_("Evaluation"), reverse("exercise_evaluation", args=one)))
        if exercise.dimensions and (watches or played):
            found.append((_("Comparison"), reverse("exercise_comparison", args=one)))
    return [{"label": label, "url": url, "current": url == route} for label, url in found]


def form_page(
    request: HttpRequest,
    exercise: Exercise,
    form: Any,
    *,
    title: str,
    submit: str,
    cancel_url: str,
    template: str = "training/exercise/form.html",
    **more: Any,
) -> HttpResponse:
    """A form of a part of the exercise."""
    log_read(request.user, "exercise form", [exercise])  # type: ignore[arg-type]
    context = {
        "title": title,
        "sub": exercise.title,
        "form": form,
        "form_actions": [{"label": submit, "primary": True}],
        "cancel_url": cancel_url,
        "page_classification": exercise.classification,
        **more,
    }
    return render(request, template, context, status=form_status(request))


def step_page(
    request: HttpRequest,
    exercise: Exercise,
    form: Any,
    *,
    title: str,
    text: str,
    cancel_url: str,
    version: int | None = None,
    danger: bool = False,
) -> HttpResponse:
    """The small page of one step on a part of the exercise."""
    log_read(request.user, "exercise step", [exercise])  # type: ignore[arg-type]
    context = {
        "title": title,
        "text": text,
        "form": form,
        "record": exercise,
        "version": version or exercise.version,
        "submit_label": title,
        "danger": danger,
        "cancel_url": cancel_url,
        "page_classification": exercise.classification,
    }
    return render(request, "layouts/verb.html", context, status=form_status(request))
