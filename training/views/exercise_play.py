"""The exercise inbox of a player: the messages of a run, each with its answers and its decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.policies import require
from cimic_portal.core.views.saving import form_status, saved
from cimic_portal.core.views.verbs import shown_version
from training.forms.exercise_play import AnswerForm, DecideForm, ProposeForm, StanceForm
from training.models import (
    Exercise,
    ExerciseRun,
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    InjectResponse,
    RunState,
    clock_words,
)
from training.policies import exercise_play as policies
from training.services import exercise_play as services
from training.views.exercise_frame import fetch, fetch_run, page_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def _run(request: HttpRequest, reference: str, number: int) -> tuple[Exercise, ExerciseRun]:
    exercise = fetch(request, reference)
    return exercise, fetch_run(request, exercise, number)


def exercise_inbox(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The messages delivered to the reader's roles in this run, newest on top; with htmx the list alone."""
    person: Any = request.user
    exercise, run = _run(request, reference, number)
    address = reverse("exercise_inbox", args=[exercise.reference, run.number])
    page = page_of(person, exercise, address)
    if not page["runs_it"] and run.pk not in page["plays"]:
        raise Http404
    rows = InjectDelivery.objects.visible_to(person).filter(run=run).standing()
    waits = set(rows.waiting_for(person).values_list("pk", flat=True))
    said = InjectResponse.objects.visible_to(person).filter(
        delivery__run=run, role__in=[seat.role_id for seat in page["seats"]]
    )
    decided = InjectDecision.objects.visible_to(person).filter(delivery__run=run, chosen__isnull=False)
    answered = {*said.values_list("delivery_id", flat=True), *decided.values_list("delivery_id", flat=True)}
    seconds = run.elapsed(timezone.now())
    context = {
        **page,
        "run": run,
        "roles": [seat.role for seat in page["seats"] if seat.run_id == run.pk],
        "clock": clock_words(seconds),
        "seconds": seconds,
        "is_running": run.state == RunState.RUNNING,
        "inbox": [
            {"delivery": row, "waits": row.pk in waits, "answered": row.pk in answered}
            for row in rows.select_related("inject").order_by("-at", "-pk")
        ],
    }
    part = request.htmx  # type: ignore[attr-defined]
    return render(request, f"training/exercise/inbox{'_live' if part else ''}.html", context)


def exercise_message(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponse:
    """One message: its text, what everybody answered, the decision; and what the reader has to do now."""
    person: Any = request.user
    exercise, run = _run(request, reference, number)
    rows = InjectDelivery.objects.visible_to(person).filter(run=run).standing()
    delivery = get_object_or_404(rows.select_related("inject", "by"), pk=pk)
    delivery.run = run
    address = reverse("exercise_message", args=[exercise.reference, run.number, delivery.pk])
    step = request.POST.get("step", "")
    forms = _forms(request, person, delivery, step)
    if request.method == "POST":
        if step not in forms:
            return _refuse(person, delivery, step)
        work = _work(step, delivery, forms[step], person, shown_version(request))
        if saved(request, forms[step], work, _done(step)):
            return redirect(address)
    context = {
        **page_of(person, exercise, reverse("exercise_inbox", args=[exercise.reference, run.number])),
        "title": delivery.inject.title,
        "run": run,
        "delivery": delivery,
        "forms": forms,
        **_shown(person, delivery),
    }
    if request.htmx and request.method == "GET":  # type: ignore[attr-defined]
        return render(request, "training/exercise/message_live.html", context)
    return render(request, "training/exercise/message.html", context, status=form_status(request))


def _shown(person: Person, delivery: InjectDelivery) -> dict[str, Any]:
    """Answers, decision with the words of its options, and for control what is expected."""
    answers = InjectResponse.objects.visible_to(person).filter(delivery=delivery)
    decisions = InjectDecision.objects.visible_to(person).filter(delivery=delivery)
    decision = decisions.select_related("proposed_by", "decided_by").first()
    options = delivery.inject.options
    return {
        "turn": policies.whose_turn(person, delivery, decision),
        "answers": list(answers.select_related("role", "author")),
        "decision": decision,
        "proposed": options[decision.proposed] if decision else "",
        "chosen": options[decision.chosen] if decision and decision.chosen is not None else "",
        "silent": policies.silent_roles(person, delivery) if decision and not decision.is_taken else [],
        "expectation": InjectExpectation.objects.visible_to(person).filter(inject=delivery.inject_id).first(),
    }


def _forms(request: HttpRequest, person: Person, delivery: InjectDelivery, step: str) -> dict[str, Any]:
    """The forms of what this reader may do now, by the name of the step."""

    def sent(name: str) -> Any:
        return request.POST if request.method == "POST" and step == name else None

    forms: dict[str, Any] = {}
    options = list(delivery.inject.options)
    if policies.can_decide(person, delivery):
        decision = policies.decision_of(person, delivery)
        chosen = decision.proposed if decision else None
        forms["decide"] = DecideForm(sent("decide"), options=options, chosen=chosen)
    if policies.can_propose(person, delivery):
        forms["propose"] = ProposeForm(sent("propose"), options=options)
    if policies.can_take_stance(person, delivery):
        roles = policies.stances_open(person, delivery)
        forms["stance"] = StanceForm(sent("stance"), roles=roles, person=person)
    if policies.can_answer(person, delivery):
        roles = policies.roles_played(person, delivery)
        forms["answer"] = AnswerForm(sent("answer"), roles=roles, person=person)
    for name, form in forms.items():
        # Several stand on one page, with fields of the same name.
        form.auto_id = f"id_{name}_%s"
    return forms


def _refuse(person: Person, delivery: InjectDelivery, step: str) -> HttpResponse:
    """What cannot be done now is refused with its reason."""
    asked: dict[str, Any] = {
        "answer": policies.can_answer,
        "propose": policies.can_propose,
        "stance": policies.can_take_stance,
        "decide": policies.can_decide,
    }
    if step not in asked:
        raise Http404
    require(asked[step](person, delivery))
    raise Http404


def _work(step: str, delivery: InjectDelivery, form: Any, person: Person, version: int) -> Any:
    service = {
        "answer": services.answer_inject,
        "propose": services.propose_option,
        "stance": services.take_stance,
        "decide": services.decide,
    }[step]
    return lambda: service(delivery, actor=person, version=version, **form.cleaned_data)  # type: ignore[operator]


def _done(step: str) -> str:
    return {
        "answer": _("Answer sent to exercise control."),
        "propose": _("Proposed. The other roles concur or object now."),
        "stance": _("Your role has spoken."),
        "decide": _("Decided. What follows stands below."),
    }[step]
