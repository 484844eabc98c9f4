"""Pages of liaison taskings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.forms.audience import first_values
from cimic_portal.core.policies import require
from cimic_portal.core.views.detail import opened
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.sharing import SHARING_VERBS, sharing_actions
from cimic_portal.core.views.verbs import ReasonForm, Verb, offered, perform
from liaison import policies
from liaison.forms.tasking import CompleteForm, TaskingForm
from liaison.models import Engagement, Tasking, TaskingResult
from liaison.models import TaskingState as State
from liaison.services import tasking as services
from liaison.views.history import shown_history

OPEN = (State.ISSUED, State.ACKNOWLEDGED, State.IN_PROGRESS)

TASKING_VERBS = [
    Verb(
        name="acknowledge",
        label=gettext_lazy("Acknowledge"),
        policy=policies.can_acknowledge,
        run=services.acknowledge_tasking,
        states=(State.ISSUED,),
        text=gettext_lazy("The issuing position sees that you have it."),
        done=gettext_lazy("Tasking acknowledged."),
        primary=True,
    ),
    Verb(
        name="start",
        label=gettext_lazy("Start work"),
        policy=policies.can_start,
        run=services.start_tasking,
        states=(State.ACKNOWLEDGED,),
        done=gettext_lazy("Tasking in progress."),
        primary=True,
    ),
    Verb(
        name="complete",
        label=gettext_lazy("Report done"),
        policy=policies.can_complete,
        run=services.complete_tasking,
        states=(State.ACKNOWLEDGED, State.IN_PROGRESS),
        text=gettext_lazy("Say what came of it and name the engagements that answer it."),
        done=gettext_lazy("Tasking reported done."),
        form=CompleteForm,
        needs_person=True,
        primary=True,
    ),
    Verb(
        name="decline",
        label=gettext_lazy("Decline"),
        policy=policies.can_decline,
        run=services.decline_tasking,
        states=OPEN,
        text=gettext_lazy("The issuing position is told, with your reason."),
        done=gettext_lazy("Tasking declined."),
        form=ReasonForm,
    ),
    Verb(
        name="withdraw",
        label=gettext_lazy("Withdraw"),
        policy=policies.can_withdraw,
        run=services.withdraw_tasking,
        states=OPEN,
        text=gettext_lazy("The position tasked is told, with your reason."),
        done=gettext_lazy("Tasking withdrawn."),
        form=ReasonForm,
        danger=True,
    ),
]


def fetch(request: HttpRequest, reference: str) -> Tasking:
    """The tasking, or 404 where this person may not see it."""
    rows = Tasking.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "assignee__office", "issuer__office", "organisation", "area", "author", "owner_office"
    )
    return get_object_or_404(rows, reference=reference)


def tasking_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One tasking: what, why, by when, what came of it, and its history."""
    person: Any = request.user
    tasking = fetch(request, reference)
    named = TaskingResult.objects.visible_to(person).filter(tasking=tasking).values("engagement_id")
    results = list(Engagement.objects.visible_to(person).filter(pk__in=named))
    return render(
        request,
        "liaison/tasking/detail.html",
        {
            **opened(person, tasking, results),
            "actions": offered(TASKING_VERBS, person, tasking) + sharing_actions(person, tasking),
            "results": results,
            "may_answer": tasking.is_open and tasking.assignee_id in person.access.positions,
            "history": shown_history(tasking, person),
        },
    )


def tasking_issue(request: HttpRequest) -> HttpResponse:
    """Task a position."""
    person: Any = request.user
    require(policies.can_issue(person))
    form = TaskingForm(request.POST or None, person=person, initial=first_values(person))
    tasking = saved(
        request,
        form,
        lambda: services.issue_tasking(form.input(), actor=person, issuer=form.cleaned_data["issuer"]),
        lambda issued: _("Tasking issued. %(position)s is told.") % {"position": issued.assignee},
    )
    if tasking:
        return redirect(tasking.get_absolute_url())
    return render(
        request,
        "liaison/tasking/form.html",
        {
            "title": _("Task a liaison officer"),
            "form": form,
            "form_actions": [{"label": _("Issue tasking"), "primary": True}],
            "cancel_url": reverse("taskings"),
            "draft_key": "tasking-new",
        },
        status=form_status(request),
    )


def tasking_verb(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """Acknowledge, start, complete, decline, withdraw."""
    return perform(request, fetch(request, reference), [*TASKING_VERBS, *SHARING_VERBS], verb)
