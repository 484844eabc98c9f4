"""Verbs on one seat: the office lets somebody go or not, a seat is given up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from cimic_portal.core.views.verbs import ReasonForm, Verb, perform
from training.models import Enrolment
from training.policies import course as seats
from training.services import enrolment as enrolments

ENROLMENT_VERBS = [
    Verb(
        name="approve",
        label=gettext_lazy("Let them go"),
        policy=seats.can_answer,
        run=enrolments.approve_enrolment,
        text=gettext_lazy("They get a seat, or stand on the waiting list where there is none."),
        done=gettext_lazy("Answered."),
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="decline",
        label=gettext_lazy("Decline"),
        policy=seats.can_answer,
        run=enrolments.decline_enrolment,
        done=gettext_lazy("Declined."),
        form=ReasonForm,
        if_allowed=True,
    ),
    Verb(
        name="withdraw",
        label=gettext_lazy("Give the seat up"),
        policy=seats.can_withdraw,
        run=enrolments.withdraw_enrolment,
        text=gettext_lazy("Whoever waits longest moves up."),
        done=gettext_lazy("Seat given up."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]


def seat_actions(person: Any, row: Enrolment) -> list[dict[str, Any]]:
    """What this reader may do with the seat, on the page of its session."""
    return [
        {"label": verb.label, "url": reverse("enrolment_verb", args=[row.pk, verb.name])}
        for verb in ENROLMENT_VERBS
        if verb.policy(person, row)
    ]


def enrolment_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Let somebody go, decline, give a seat up."""
    person: Any = request.user
    rows = Enrolment.objects.visible_to(person).select_related(
        "record__person", "record__owner_office", "session__course", "approver__office"
    )
    return perform(request, get_object_or_404(rows, pk=pk), ENROLMENT_VERBS, verb)  # type: ignore[arg-type]
