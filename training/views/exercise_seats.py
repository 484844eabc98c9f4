"""Who plays what: control and observers, and the players of one run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from training.forms.exercise import SeatsForm
from training.models import (
    Exercise,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    Side,
)
from training.policies.exercise import can_prepare
from training.services import exercise_plan as services
from training.views.exercise_frame import fetch_run, form_page
from training.views.exercise_plan import watched

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def control_seats(request: HttpRequest, reference: str) -> HttpResponse:
    """Who sits in control, and who observes: in all runs."""
    return _seats(request, watched(request, reference), None)


def run_seats(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Who plays what in one run."""
    exercise = watched(request, reference)
    return _seats(request, exercise, fetch_run(request, exercise, number))


def _seats(request: HttpRequest, exercise: Exercise, run: ExerciseRun | None) -> HttpResponse:
    person: Any = request.user
    require(can_prepare(person, exercise))
    rows = ExerciseRole.objects.visible_to(person).filter(exercise=exercise)
    roles = list(rows.filter(side=Side.PLAYER) if run else rows.exclude(side=Side.PLAYER))
    seats = ExerciseSeat.objects.visible_to(person).filter(exercise=exercise, run=run)
    known = {seat.role_id: seat for seat in seats.select_related("position__office", "person")}
    form = SeatsForm(request.POST or None, roles=roles, seats=known)
    address = reverse("exercise_plan", args=[exercise.reference])
    if request.method == "POST" and form.is_valid() and _take(exercise, run, form, person):
        messages.success(request, _("Seats saved."))
        return redirect(address)
    return form_page(
        request,
        exercise,
        form,
        title=_("Who plays what: %(team)s") % {"team": run.team}
        if run
        else _("Exercise control and observers"),
        submit=_("Save seats"),
        cancel_url=address,
        template="training/exercise/seats_form.html",
    )


def _take(exercise: Exercise, run: ExerciseRun | None, form: SeatsForm, person: Person) -> bool:
    """Give each role to whom the form names; False with the problems beside them, and nothing written."""
    try:
        with transaction.atomic():
            for role, position, someone in form.chosen():
                try:
                    services.take_seat(exercise, role, run, position=position, person=someone, actor=person)
                except InvalidError as error:
                    for name, lines in error.fields.items():
                        for line in lines:
                            form.add_error(f"{name}_{role.pk}" if name != "role" else None, line)
            if form.errors:
                raise InvalidError({})
    except InvalidError:
        return False
    return True
