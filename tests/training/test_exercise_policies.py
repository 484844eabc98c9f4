"""Who may do what with an exercise, as tables: verb, state, and who is allowed. Everyone else is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.training_exercise import (
    DeliveryFactory,
    ExerciseFactory,
    FindingFactory,
    InjectFactory,
    RoleFactory,
    RunFactory,
    SeatFactory,
)
from tests.operations.steps import post_of
from training.models import ExerciseState as S
from training.models import InjectAddressee, InjectDecision, InjectResponse
from training.models import RunState as R
from training.policies import exercise as policies
from training.policies import exercise_play as play

TEAM = {"owner", "colleague", "head", "delegate"}
# Of the seats: the police post of `other_component` in control, the partner observes.
CONTROL = TEAM | {"other_component"}
WATCHING = CONTROL | {"partner"}
OF_EXERCISE = [
    # Who is seated reads it from scheduling on, and so does not act before.
    ("can_edit", S.DRAFT, TEAM),
    ("can_edit", S.SCHEDULED, CONTROL),
    ("can_edit", S.ENDED, set()),
    ("can_edit", S.CANCELLED, set()),
    ("can_prepare", S.DRAFT, TEAM),
    ("can_prepare", S.RUNNING, CONTROL),
    ("can_prepare", S.ENDED, CONTROL),
    ("can_prepare", S.EVALUATED, set()),
    ("can_remove", S.SCHEDULED, CONTROL),
    ("can_remove", S.RUNNING, set()),
    ("can_schedule", S.DRAFT, TEAM),
    ("can_schedule", S.SCHEDULED, set()),
    ("can_cancel", S.DRAFT, TEAM),
    ("can_cancel", S.PAUSED, CONTROL),
    ("can_cancel", S.ENDED, set()),
    ("can_end", S.SCHEDULED, set()),
    ("can_end", S.RUNNING, CONTROL),
    ("can_end", S.PAUSED, CONTROL),
    ("can_end", S.ENDED, set()),
    ("can_evaluate", S.RUNNING, set()),
    ("can_evaluate", S.ENDED, CONTROL),
    ("can_evaluate", S.EVALUATED, set()),
    ("can_close", S.ENDED, set()),
    ("can_close", S.EVALUATED, CONTROL),
    ("can_close", S.CLOSED, set()),
]
OF_RUN = [
    ("can_start", S.SCHEDULED, R.READY, CONTROL),
    ("can_start", S.ENDED, R.READY, CONTROL),
    ("can_start", S.EVALUATED, R.READY, set()),
    ("can_start", S.RUNNING, R.RUNNING, set()),
    ("can_pause", S.RUNNING, R.RUNNING, CONTROL),
    ("can_pause", S.PAUSED, R.PAUSED, set()),
    ("can_resume", S.PAUSED, R.PAUSED, CONTROL),
    ("can_resume", S.RUNNING, R.RUNNING, set()),
    ("can_end_run", S.RUNNING, R.RUNNING, CONTROL),
    ("can_end_run", S.PAUSED, R.PAUSED, CONTROL),
    ("can_end_run", S.ENDED, R.ENDED, set()),
    ("can_deliver", S.RUNNING, R.RUNNING, CONTROL),
    ("can_deliver", S.PAUSED, R.PAUSED, set()),
    ("can_deliver", S.SCHEDULED, R.READY, set()),
    ("can_observe", S.SCHEDULED, R.READY, set()),
    ("can_observe", S.RUNNING, R.RUNNING, WATCHING),
    ("can_observe", S.ENDED, R.ENDED, WATCHING),
    ("can_observe", S.EVALUATED, R.ENDED, set()),
]
# The outsider leads, the group member plays the police. By what was done before.
OF_MESSAGE = [
    ("can_answer", "delivered", {"outsider", "group_member"}),
    ("can_answer", "held", set()),
    ("can_answer", "over", set()),
    ("can_propose", "delivered", {"outsider"}),
    ("can_propose", "proposed", set()),
    ("can_propose", "over", set()),
    ("can_take_stance", "delivered", set()),
    ("can_take_stance", "proposed", {"group_member"}),
    ("can_take_stance", "spoken", set()),
    ("can_take_stance", "decided", set()),
    ("can_decide", "delivered", set()),
    ("can_decide", "proposed", set()),
    ("can_decide", "spoken", {"outsider"}),
    ("can_decide", "decided", set()),
    ("can_decide", "over", set()),
]


def _exercise(cast: Any, state: str) -> Any:
    exercise = ExerciseFactory(owner_office=cast.team, author=cast.owner, state=state)
    for side, person in (("control", cast.other_component), ("observer", cast.partner)):
        role = RoleFactory(exercise=exercise, side=side)
        SeatFactory(exercise=exercise, role=role, position=post_of(person))
    return exercise


def _seat(run: Any, person: Any, **more: Any) -> Any:
    role = RoleFactory(exercise=run.exercise, **more)
    SeatFactory(exercise=run.exercise, run=run, role=role, position=post_of(person))
    return role


def _judged(cast: Any, policy: Any, record: Any) -> set[str]:
    decisions = {name: policy(person, record) for name, person in cast.everyone().items()}
    assert all(decision.reason for decision in decisions.values() if not decision)
    return {name for name, decision in decisions.items() if decision}


@pytest.mark.parametrize(("verb", "state", "allowed"), OF_EXERCISE)
def test_verb_on_an_exercise_is_allowed_to(cast, verb, state, allowed):
    exercise = _exercise(cast, state)
    _seat(RunFactory(exercise=exercise), cast.outsider)
    assert _judged(cast, getattr(policies, verb), exercise) == allowed


@pytest.mark.parametrize(("verb", "state", "run_state", "allowed"), OF_RUN)
def test_verb_on_a_run_is_allowed_to(cast, verb, state, run_state, allowed):
    run = RunFactory(exercise=_exercise(cast, state), state=run_state)
    _seat(run, cast.outsider)
    assert _judged(cast, getattr(policies, verb), run) == allowed


@pytest.mark.parametrize(("verb", "stage", "allowed"), OF_MESSAGE)
def test_verb_on_a_message_is_allowed_to(cast, verb, stage, allowed):
    run = RunFactory(exercise=_exercise(cast, S.RUNNING), state=R.ENDED if stage == "over" else R.RUNNING)
    lead, police = _seat(run, cast.outsider, is_lead=True), _seat(run, cast.group_member)
    # Plays as well, but this does not go to them.
    _seat(run, cast.auditor)
    inject = InjectFactory(exercise=run.exercise, options=["North", "South"])
    for role in (lead, police):
        InjectAddressee.objects.create(inject=inject, role=role)
    message = DeliveryFactory(run=run, inject=inject, state="held" if stage == "held" else "delivered")
    if stage in ("proposed", "spoken", "decided"):
        taken = {"chosen": 1, "reasoning": "Safer", "decided_by": cast.outsider, "decided_second": 1}
        InjectDecision.objects.create(
            delivery=message,
            proposed=0,
            proposal="Shorter",
            proposed_by=cast.outsider,
            **(taken if stage == "decided" else {}),
        )
    if stage in ("spoken", "decided"):
        InjectResponse.objects.create(
            delivery=message, role=police, author=cast.group_member, stance="objects", text="Floods", second=1
        )
    assert _judged(cast, getattr(play, verb), message) == allowed


def test_whoever_holds_a_post_plans_one(cast):
    allowed = {name for name, person in cast.everyone().items() if policies.can_plan(person)}
    assert allowed == set(cast.everyone()) - {"postless", "inactive"}


@pytest.mark.parametrize(
    ("state", "reason", "allowed"),
    [(S.ENDED, "", CONTROL - {"owner"}), (S.ENDED, "Twice", set()), (S.EVALUATED, "", set())],
)
def test_a_finding_is_made_a_lesson_by_another_than_who_entered_it(cast, state, reason, allowed):
    exercise = _exercise(cast, state)
    finding = FindingFactory(exercise=exercise, author=cast.owner, withdrawn_reason=reason)
    assert _judged(cast, policies.can_make_lesson, finding) == allowed
