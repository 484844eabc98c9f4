"""Decisions run beside run, and the after-action review on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cimic_portal.core.policies import can_act, require
from cimic_portal.core.services.documents import ask_for_document
from cimic_portal.core.views.saving import saved
from training.forms.exercise_play import AarForm
from training.reports.exercise_aar import KIND
from training.reports.exercise_comparison import compare
from training.views.exercise_frame import TOLD, fetch, form_page, page_of


def exercise_comparison(request: HttpRequest, reference: str) -> HttpResponse:
    """Decision by decision what each team chose, how long it took, who objected, and the sums."""
    person: Any = request.user
    exercise = fetch(request, reference)
    page = page_of(person, exercise, reverse("exercise_comparison", args=[exercise.reference]))
    if exercise.state not in TOLD or not (page["runs_it"] or page["plays"]):
        raise Http404
    context = {**page, "comparison": compare(exercise, person)}
    return render(request, "training/exercise/comparison.html", context)


def exercise_aar(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the after-action review as PDF; a worker makes it."""
    person: Any = request.user
    exercise = fetch(request, reference)
    if exercise.state not in TOLD:
        raise Http404
    require(can_act(person))
    form: forms.Form = AarForm(request.POST or None, person=person)
    document = saved(
        request,
        form,
        lambda: ask_for_document(
            KIND,
            "pdf",
            {"exercise": exercise.reference},
            office=form.cleaned_data["office"],
            actor=person,
            # The title is read with the document, also by those who may not know of the exercise.
            title=_("EXERCISE: after-action review"),
        ),
        _("Asked for. It is made now."),
    )
    if document:
        return redirect(document.get_absolute_url())
    return form_page(
        request,
        exercise,
        form,
        title=_("After-action review as PDF"),
        submit=_("Make the document"),
        cancel_url=reverse("exercise_evaluation", args=[exercise.reference]),
    )
