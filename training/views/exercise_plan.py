"""Preparing an exercise: objectives, roles, teams, seats, and the MSEL, also as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.policies import require
from cimic_portal.core.views.export import table_file
from cimic_portal.core.views.saving import saved
from cimic_portal.core.views.verbs import NoInputForm, shown_version
from training.forms.exercise import ObjectiveForm, RoleForm, RunForm
from training.forms.exercise_inject import InjectForm
from training.models import (
    MARK,
    Exercise,
    ExerciseInject,
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    InjectExpectation,
    RunState,
    Side,
)
from training.policies.exercise import can_prepare, can_remove, watches
from training.reports.exercise_msel import msel_columns, msel_lines, msel_of
from training.services import exercise_plan as services
from training.views.exercise_frame import fetch, form_page, page_of, step_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class _Kind:
    """A kind of row of the plan: how it is entered, changed, and called."""

    model: Any
    form: Any
    add: Callable[..., Any]
    change: Callable[..., Any]
    new: StrOrPromise
    edit: StrOrPromise
    remove: StrOrPromise
    fields: tuple[str, ...] = ()


KINDS = {
    "objectives": _Kind(
        ExerciseObjective,
        ObjectiveForm,
        services.add_objective,
        services.change_objective,
        gettext_lazy("Add an objective"),
        gettext_lazy("Change the objective"),
        gettext_lazy("Remove the objective"),
        ("what", "component", "measure"),
    ),
    "roles": _Kind(
        ExerciseRole,
        RoleForm,
        services.add_role,
        services.change_role,
        gettext_lazy("Add a role"),
        gettext_lazy("Change the role"),
        gettext_lazy("Remove the role"),
        ("title", "component", "side", "is_lead"),
    ),
    "runs": _Kind(
        ExerciseRun,
        RunForm,
        services.add_run,
        services.change_run,
        gettext_lazy("Add a team"),
        gettext_lazy("Rename the team"),
        gettext_lazy("Remove the team"),
        ("team",),
    ),
    "injects": _Kind(
        ExerciseInject,
        InjectForm,
        services.add_inject,
        services.change_inject,
        gettext_lazy("Write an inject"),
        gettext_lazy("Change the inject"),
        gettext_lazy("Remove the inject"),
        ("title", "text", "at_minute", "objective"),
    ),
}


def watched(request: HttpRequest, reference: str) -> Exercise:
    """The exercise, for who prepares or watches it; its plan does not exist for the others."""
    exercise = fetch(request, reference)
    person: Any = request.user
    if not watches(person, exercise) and exercise.owner_office_id not in person.access.owned:
        raise Http404
    return exercise


def exercise_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Objectives, roles, teams and the MSEL, each with its steps."""
    person: Any = request.user
    exercise = watched(request, reference)
    address = reverse("exercise_plan", args=[exercise.reference])
    page = page_of(person, exercise, address)
    roles = list(ExerciseRole.objects.visible_to(person).filter(exercise=exercise))
    seats = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise)
    taken = {(seat.run_id, seat.role_id): seat for seat in seats.select_related("position__office", "person")}
    players = [role for role in roles if role.side == Side.PLAYER]
    msel = msel_of(exercise, person)
    addressed = {role.pk for row in msel for role in row.roles}
    context = {
        **page,
        "objectives": list(ExerciseObjective.objects.visible_to(person).filter(exercise=exercise)),
        "players": [
            (role, [(run, taken.get((run.pk, role.pk))) for run in page["runs"]]) for role in players
        ],
        "staff": [(role, taken.get((None, role.pk))) for role in roles if role.side != Side.PLAYER],
        "unseated": [
            (role, run)
            for run in page["runs"]
            for role in players
            if run.state != RunState.ENDED and role.pk in addressed and (run.pk, role.pk) not in taken
        ],
        "msel": msel,
        "may_write": bool(can_prepare(person, exercise)),
        "may_remove": bool(can_remove(person, exercise)),
    }
    return render(request, "training/exercise/plan.html", context)


def exercise_msel(request: HttpRequest, reference: str, form: str) -> FileResponse:
    """The MSEL as a spreadsheet or as CSV."""
    if form not in ("csv", "xlsx"):
        raise Http404
    person: Any = request.user
    exercise = watched(request, reference)
    log_read(person, f"{form} msel", [exercise])
    return table_file(
        person,
        form,
        msel_columns(),
        msel_lines(exercise, person),
        title=f"{exercise.mark} MSEL {exercise}",
        level=exercise.classification,
        note=MARK,
    )


def _kind(part: str) -> _Kind:
    if part not in KINDS:
        raise Http404
    return KINDS[part]


def _form(
    kind: _Kind, request: HttpRequest, exercise: Exercise, initial: dict[str, Any] | None = None
) -> Any:
    more = {"exercise": exercise, "person": request.user} if kind.form is InjectForm else {}
    return kind.form(request.POST or None, initial=initial, **more)


def part_new(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    """Enter an objective, a role, a team or an inject."""
    kind, person = _kind(part), request.user
    exercise = watched(request, reference)
    require(can_prepare(person, exercise))  # type: ignore[arg-type]
    form = _form(kind, request, exercise)
    if saved(request, form, lambda: kind.add(exercise, form.input(), actor=person), _("Entered.")):
        return redirect(f"{reverse('exercise_plan', args=[exercise.reference])}#{part}")
    key = f"exercise-{exercise.reference}-{part}"
    return _part_page(request, exercise, form, kind, title=str(kind.new), draft_key=key)


def _row(request: HttpRequest, exercise: Exercise, kind: _Kind, pk: int) -> Any:
    row = get_object_or_404(kind.model.objects.visible_to(request.user), exercise=exercise, pk=pk)
    row.exercise = exercise
    return row


def part_edit(request: HttpRequest, reference: str, part: str, pk: int) -> HttpResponse:
    """Change one of them."""
    kind, person = _kind(part), request.user
    exercise = watched(request, reference)
    row = _row(request, exercise, kind, pk)
    require(can_prepare(person, exercise))  # type: ignore[arg-type]
    initial = {name: getattr(row, name) for name in kind.fields}
    if part == "injects":
        initial |= _inject_values(row, person)  # type: ignore[arg-type]
    form = _form(kind, request, exercise, initial)
    version = shown_version(request)
    if saved(
        request, form, lambda: kind.change(row, form.input(), actor=person, version=version), _("Saved.")
    ):
        return redirect(f"{reverse('exercise_plan', args=[exercise.reference])}#{part}")
    key = f"exercise-{exercise.reference}-{part}-{row.pk}"
    return _part_page(request, exercise, form, kind, title=str(kind.edit), draft_key=key, version=row.version)


def _inject_values(inject: ExerciseInject, person: Person) -> dict[str, Any]:
    """What the form of an inject begins with beside its own columns."""
    expectation = InjectExpectation.objects.visible_to(person).filter(inject=inject).first()
    values: dict[str, Any] = {
        "roles": list(inject.addressees.visible_to(person).values_list("role_id", flat=True)),
        "expected": expectation.expected if expectation else "",
    }
    for number, option in enumerate(inject.options):
        values[f"option_{number}"] = option
        if expectation is not None and number < len(expectation.effects):
            values[f"effect_{number}"] = expectation.effects[number]
            for place, score in enumerate(expectation.scores[number]):
                values[f"score_{number}_{place}"] = score
    return values


def _part_page(
    request: HttpRequest,
    exercise: Exercise,
    form: Any,
    kind: _Kind,
    *,
    title: str,
    draft_key: str,
    version: int | None = None,
) -> HttpResponse:
    own = "training/exercise/inject_form.html" if kind.form is InjectForm else "training/exercise/form.html"
    return form_page(
        request,
        exercise,
        form,
        title=title,
        submit=_("Save"),
        cancel_url=reverse("exercise_plan", args=[exercise.reference]),
        template=own,
        draft_key=draft_key,
        version=version,
    )


def part_remove(request: HttpRequest, reference: str, part: str, pk: int) -> HttpResponse:
    """Take one of them away, before STARTEX."""
    kind, person = _kind(part), request.user
    exercise = watched(request, reference)
    row = _row(request, exercise, kind, pk)
    require(can_remove(person, exercise))  # type: ignore[arg-type]
    address = f"{reverse('exercise_plan', args=[exercise.reference])}#{part}"
    if request.method == "POST":
        services.remove_row(row, actor=person, version=shown_version(request))  # type: ignore[arg-type]
        messages.success(request, _("Removed."))
        return redirect(address)
    return step_page(
        request,
        exercise,
        NoInputForm(),
        title=str(kind.remove),
        text=f"“{row}”",
        cancel_url=address,
        version=row.version,
        danger=True,
    )
