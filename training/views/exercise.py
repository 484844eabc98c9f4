"""Pages of exercises: the overview, the form, and the verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.history import shown_history
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, perform, shown_version
from training.forms.exercise import ExerciseForm, ExerciseTextForm
from training.models import Exercise, ExerciseObjective, ExerciseRole, ExerciseSeat
from training.models import ExerciseState as State
from training.policies import exercise as policies
from training.services import exercise as services
from training.services.exercise_review import finish_exercise
from training.views.exercise_frame import TOLD, fetch, page_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import ExerciseRun

EXERCISE_VERBS = [
    Verb(
        name="schedule",
        label=gettext_lazy("Schedule"),
        policy=policies.can_schedule,
        run=services.schedule_exercise,
        states=(State.DRAFT,),
        text=gettext_lazy(
            "From now on its audience and everyone who is seated read the scenario, and are told."
        ),
        done=gettext_lazy("Exercise scheduled."),
        primary=True,
    ),
    Verb(
        name="end",
        label=gettext_lazy("ENDEX"),
        policy=policies.can_end,
        run=services.end_exercise,
        states=(State.RUNNING, State.PAUSED),
        text=gettext_lazy("Every clock stops for good. Taking part is entered in the training records."),
        done=gettext_lazy("ENDEX. Now evaluate it while it is fresh."),
        if_allowed=True,
    ),
    Verb(
        name="finish",
        label=gettext_lazy("Finish evaluation"),
        policy=policies.can_evaluate,
        run=finish_exercise,
        states=(State.ENDED,),
        text=gettext_lazy(
            "Evaluation and review stand from then on, and no finding can be added; each becomes a lesson."
        ),
        done=gettext_lazy("Evaluation finished."),
        primary=True,
    ),
    Verb(
        name="close",
        label=gettext_lazy("Close"),
        policy=policies.can_close,
        run=services.close_exercise,
        states=(State.EVALUATED,),
        text=gettext_lazy("It stays readable."),
        done=gettext_lazy("Exercise closed."),
        if_allowed=True,
    ),
    Verb(
        name="cancel",
        label=gettext_lazy("Cancel exercise"),
        policy=policies.can_cancel,
        run=services.cancel_exercise,
        states=policies.OPEN,
        text=gettext_lazy("Every clock stops. Whoever is seated is told your reason."),
        done=gettext_lazy("Exercise cancelled."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]
WORDS = {
    "insert": gettext_lazy("Planned"),
    "update": gettext_lazy("Changed"),
    "exercise.create": gettext_lazy("Planned"),
    "exercise.edit": gettext_lazy("Edited"),
    "exercise.seat": gettext_lazy("Seats changed"),
    "exercise.schedule": gettext_lazy("Scheduled"),
    "exercise.start": gettext_lazy("STARTEX of a run"),
    "exercise.pause": gettext_lazy("Clock paused"),
    "exercise.resume": gettext_lazy("Clock resumed"),
    "exercise.end_run": gettext_lazy("A run ended"),
    "exercise.end": gettext_lazy("ENDEX"),
    "exercise.finish": gettext_lazy("Evaluation finished"),
    "exercise.close": gettext_lazy("Closed"),
    "exercise.cancel": gettext_lazy("Cancelled"),
}


def exercise_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One exercise: purpose, scenario, objectives, who plays what, its runs, and its history."""
    person: Any = request.user
    exercise = fetch(request, reference)
    page = page_of(person, exercise, exercise.get_absolute_url())
    actions = offered(EXERCISE_VERBS, person, exercise)
    if policies.can_edit(person, exercise):
        actions.append({"label": _("Edit"), "url": f"{exercise.get_absolute_url()}edit/", "page": True})
    if exercise.state in TOLD and person.access.held:
        url = reverse("exercise_aar", args=[exercise.reference])
        actions.append({"label": _("AAR as PDF"), "url": url, "page": True})
    seats = _seats(person, exercise)
    return render(
        request,
        "training/exercise/detail.html",
        {
            **page,
            "actions": actions + sharing_actions(person, exercise),
            "objectives": list(ExerciseObjective.objects.visible_to(person).filter(exercise=exercise)),
            "teams": _teams(person, exercise, page["runs"], seats),
            "control": [seat for seat in seats if seat.run_id is None],
            "history": shown_history(exercise, person, WORDS),
        },
    )


@require_GET
def exercise_live(request: HttpRequest, reference: str) -> HttpResponse:
    """The state of the exercise, for pages that are open.

    `?shown=` is the state that they show; without it the rest of the page is live as well.
    """
    exercise = fetch(request, reference)
    shown = request.GET.get("shown", "")
    moved = bool(shown) and shown != exercise.state
    context = {"record": exercise, "moved": moved, "shown": shown, "follows": not shown}
    return render(request, "training/exercise/state.html", context)


def _seats(person: Person, exercise: Exercise) -> list[ExerciseSeat]:
    rows = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise)
    return list(rows.select_related("role", "position__office", "person"))


def _teams(
    person: Person, exercise: Exercise, runs: list[ExerciseRun], seats: list[ExerciseSeat]
) -> list[dict[str, Any]]:
    """Each run with every role that plays, and who plays it."""
    rows = ExerciseRole.objects.visible_to(person).filter(exercise=exercise, side="player")
    roles = list(rows)
    taken = {(seat.run_id, seat.role_id): seat for seat in seats}
    return [
        {"run": run, "roles": [{"role": role, "seat": taken.get((run.pk, role.pk))} for role in roles]}
        for run in runs
    ]


def exercise_new(request: HttpRequest) -> HttpResponse:
    """Plan an exercise."""
    person: Any = request.user
    require(policies.can_plan(person))
    form = ExerciseForm(request.POST or None, person=person, initial=first_values(person))
    exercise = saved(
        request,
        form,
        lambda: services.create_exercise(
            form.input(), actor=person, office=form.cleaned_data["office"], sharing=form.sharing()
        ),
        _("Exercise drafted. Now name objectives, roles and teams, and write the injects."),
    )
    if exercise:
        return redirect("exercise_plan", exercise.reference)
    return _form_page(
        request, form, title=_("Plan an exercise"), draft_key="exercise-new", cancel_url=reverse("exercises")
    )


def exercise_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Change title, scenario, period."""
    person: Any = request.user
    exercise = fetch(request, reference)
    require(policies.can_edit(person, exercise))
    log_read(person, "exercise edit", [exercise])
    initial = {name: getattr(exercise, name) for name in ExerciseTextForm.base_fields}
    initial["dimensions"] = "\n".join(exercise.dimensions)
    form = ExerciseTextForm(request.POST or None, initial=initial)
    version = shown_version(request)
    if saved(
        request,
        form,
        lambda: services.edit_exercise(exercise, form.input(), actor=person, version=version),
        _("Exercise saved."),
    ):
        return redirect(exercise.get_absolute_url())
    return _form_page(
        request,
        form,
        title=_("Edit exercise"),
        draft_key=f"exercise-{exercise.reference}",
        cancel_url=exercise.get_absolute_url(),
        version=exercise.version,
        page_classification=exercise.classification,
    )


def exercise_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Schedule, end, finish, close, cancel; and share."""
    return perform(request, fetch(request, reference), [*EXERCISE_VERBS, *SHARING_VERBS], verb)


def _form_page(request: HttpRequest, form: Any, **context: Any) -> HttpResponse:
    context |= {"form": form, "form_actions": [{"label": _("Save exercise"), "primary": True}]}
    return render(request, "training/exercise/text_form.html", context, status=form_status(request))
