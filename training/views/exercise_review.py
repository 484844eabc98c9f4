"""What came of an exercise: observations, the evaluation of its objectives, findings, and the review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import saved
from cimic_portal.core.views.verbs import NoInputForm, ReasonForm, offered, shown_version
from training.forms.exercise_play import EvaluateForm, ExerciseFindingForm, ExerciseReviewForm
from training.models import (
    Exercise,
    ExerciseFinding,
    ExerciseObjective,
    ExerciseObservation,
    ExerciseReview,
    Lesson,
    LessonSource,
)
from training.policies import exercise as policies
from training.services import exercise_review as services
from training.views.exercise import EXERCISE_VERBS
from training.views.exercise_frame import TOLD, fetch, form_page, page_of, step_page

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _ended(request: HttpRequest, reference: str) -> Exercise:
    """The exercise, after ENDEX; before it there is no evaluation."""
    exercise = fetch(request, reference)
    if exercise.state not in TOLD:
        raise Http404
    return exercise


def _address(exercise: Exercise) -> str:
    return reverse("exercise_evaluation", args=[exercise.reference])


def exercise_evaluation(request: HttpRequest, reference: str) -> HttpResponse:
    """Objective by objective what was seen and how far it was reached; the review; the findings."""
    person: Any = request.user
    exercise = _ended(request, reference)
    lessons = _lessons(person, exercise)
    page = page_of(person, exercise, _address(exercise), lessons.values())
    may_write = bool(policies.can_evaluate(person, exercise))
    rows = ExerciseFinding.objects.visible_to(person).filter(exercise=exercise)
    findings = list(rows.select_related("owner__office", "author"))
    for finding in findings:
        finding.exercise = exercise
    context = {
        **page,
        "actions": _actions(person, exercise, may_write=may_write),
        "objectives": objectives_of(person, exercise),
        "review": review_of(person, exercise),
        "findings": [
            {
                "finding": finding,
                "lesson": lessons.get(finding.pk),
                "may_keep": finding.pk not in lessons and bool(policies.can_make_lesson(person, finding)),
            }
            for finding in findings
        ],
        "may_write": may_write,
    }
    return render(request, "training/exercise/evaluation.html", context)


def objectives_of(person: Person, exercise: Exercise) -> list[dict[str, Any]]:
    """Each objective with what was seen of it."""
    seen: dict[int, list[ExerciseObservation]] = {}
    rows = ExerciseObservation.objects.visible_to(person).filter(run__exercise=exercise)
    for row in rows.select_related("run", "author", "inject"):
        seen.setdefault(row.objective_id, []).append(row)
    objectives = ExerciseObjective.objects.visible_to(person).filter(exercise=exercise)
    return [{"objective": one, "seen": seen.get(one.pk, [])} for one in objectives]


def review_of(person: Person, exercise: Exercise) -> ExerciseReview | None:
    rows = ExerciseReview.objects.visible_to(person).filter(exercise=exercise)
    return rows.select_related("changed_by", "finished_by").first()


def _lessons(person: Person, exercise: Exercise) -> dict[int, Lesson]:
    """The lessons that the reader may see, by the finding from which they come."""
    sources = LessonSource.objects.visible_to(person).filter(exercise=exercise)
    known = dict(sources.filter(exercise_finding__isnull=False).values_list("lesson_id", "exercise_finding"))
    rows: Iterable[Lesson] = Lesson.objects.visible_to(person).filter(pk__in=known)
    return {known[lesson.pk] or 0: lesson for lesson in rows}


def _actions(person: Person, exercise: Exercise, *, may_write: bool) -> list[dict[str, Any]]:
    actions = [action for action in offered(EXERCISE_VERBS, person, exercise) if not action["refused"]]
    if may_write:
        address = _address(exercise)
        actions.append({"label": _("Write review"), "url": f"{address}text/", "page": True})
        actions.append({"label": _("Add a finding"), "url": f"{address}findings/new/", "page": True})
    if person.access.held:
        url = reverse("exercise_aar", args=[exercise.reference])
        actions.append({"label": _("AAR as PDF"), "url": url, "page": True})
    return actions


def objective_evaluate(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say how far an objective was reached, with what was seen of it in view."""
    person: Any = request.user
    exercise = _ended(request, reference)
    objective = get_object_or_404(ExerciseObjective.objects.visible_to(person), exercise=exercise, pk=pk)
    objective.exercise = exercise
    require(policies.can_evaluate(person, exercise))
    initial = {"rating": objective.rating, "summary": objective.summary}
    form = EvaluateForm(request.POST or None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: services.evaluate_objective(objective, actor=person, version=version, **form.cleaned_data),
        _("Evaluated."),
    ):
        return redirect(_address(exercise))
    seen = ExerciseObservation.objects.visible_to(person).filter(objective=objective)
    return form_page(
        request,
        exercise,
        form,
        title=str(objective),
        submit=_("Save evaluation"),
        cancel_url=_address(exercise),
        draft_key=f"exercise-evaluate-{objective.pk}",
        version=objective.version,
        seen=list(seen.select_related("run", "author", "inject")),
    )


def review_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Write the four texts."""
    person: Any = request.user
    exercise = _ended(request, reference)
    require(policies.can_evaluate(person, exercise))
    review = review_of(person, exercise)
    initial = {name: getattr(review, name) for name in ExerciseReviewForm.base_fields} if review else {}
    form = ExerciseReviewForm(request.POST or None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: services.write_exercise_review(exercise, form.texts(), actor=person, version=version),
        _("Review saved."),
    ):
        return redirect(_address(exercise))
    return form_page(
        request,
        exercise,
        form,
        title=_("After-action review"),
        submit=_("Save review"),
        cancel_url=_address(exercise),
        draft_key=f"exercise-review-{exercise.reference}",
        version=str(review.version if review else 0),
    )


def finding_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Enter a finding."""
    person: Any = request.user
    exercise = _ended(request, reference)
    require(policies.can_evaluate(person, exercise))
    form = ExerciseFindingForm(request.POST or None)
    if saved(
        request,
        form,
        lambda: services.add_exercise_finding(exercise, form.input(), actor=person),
        _("Finding entered."),
    ):
        return redirect(_address(exercise))
    return form_page(
        request,
        exercise,
        form,
        title=_("Add a finding"),
        submit=_("Enter finding"),
        cancel_url=_address(exercise),
        draft_key=f"exercise-finding-{exercise.reference}",
    )


def _finding(request: HttpRequest, exercise: Exercise, pk: int) -> ExerciseFinding:
    rows = ExerciseFinding.objects.visible_to(request.user).select_related("owner__office", "author")  # type: ignore[arg-type]
    finding = get_object_or_404(rows, exercise=exercise, pk=pk)
    finding.exercise = exercise
    return finding


def finding_edit(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Correct a finding, or name who follows it up."""
    person: Any = request.user
    exercise = _ended(request, reference)
    finding = _finding(request, exercise, pk)
    require(policies.can_evaluate(person, exercise))
    initial = {name: getattr(finding, name) for name in ExerciseFindingForm.base_fields}
    form = ExerciseFindingForm(request.POST or None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: services.change_exercise_finding(finding, form.input(), actor=person, version=version),
        _("Saved."),
    ):
        return redirect(_address(exercise))
    return form_page(
        request,
        exercise,
        form,
        title=_("Correct a finding"),
        submit=_("Save"),
        cancel_url=_address(exercise),
        draft_key=f"exercise-finding-{exercise.reference}-{finding.pk}",
        version=finding.version,
    )


def finding_step(request: HttpRequest, reference: str, pk: int, step: str) -> HttpResponse:
    """Withdraw a finding, or make it a lesson."""
    person: Any = request.user
    exercise = _ended(request, reference)
    finding = _finding(request, exercise, pk)
    if step not in ("withdraw", "lesson"):
        raise Http404
    lesson = step == "lesson"
    require(policies.can_make_lesson(person, finding) if lesson else policies.can_evaluate(person, exercise))
    made: Any = NoInputForm if lesson else ReasonForm
    form = made(request.POST if request.method == "POST" else None)
    service: Any = services.make_lesson if lesson else services.withdraw_exercise_finding
    version = shown_version(request)
    done = _("It is a lesson identified.") if lesson else _("Withdrawn.")
    if saved(
        request, form, lambda: service(finding, actor=person, version=version, **form.cleaned_data), done
    ):
        return redirect(_address(exercise))
    return step_page(
        request,
        exercise,
        form,
        title=_("Make it a lesson") if lesson else _("Withdraw finding"),
        text=f"“{finding.observation}”",
        cancel_url=_address(exercise),
        version=finding.version,
        danger=not lesson,
    )


def observation_strike(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Strike an observation, with the reason."""
    person: Any = request.user
    exercise = fetch(request, reference)
    rows = ExerciseObservation.objects.visible_to(person).filter(run__exercise=exercise)
    observation = get_object_or_404(rows.select_related("run", "objective"), pk=pk)
    observation.run.exercise = exercise
    require(policies.can_observe(person, observation.run))
    if observation.author_id != person.pk:
        require(policies.controls(person, exercise))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    back = observation.run.get_absolute_url()
    if saved(
        request,
        form,
        lambda: services.strike_observation(observation, actor=person, reason=form.cleaned_data["reason"]),
        _("Struck."),
    ):
        return redirect(back)
    return step_page(
        request,
        exercise,
        form,
        title=_("Strike this observation"),
        text=f"“{observation}”",
        cancel_url=back,
        danger=True,
    )
