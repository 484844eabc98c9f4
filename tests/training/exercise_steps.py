"""A simulation that is scheduled, for tests of what is done with it."""

from __future__ import annotations

from typing import Any

from tests.factories.training_exercise import ExerciseFactory
from tests.operations.steps import WHY, post_of
from training.services import exercise as verbs
from training.services import exercise_plan as plan


def fresh(row: Any) -> Any:
    return type(row)._default_manager.unscoped(WHY).get(pk=row.pk)


def drill_of(cast: Any) -> dict[str, Any]:
    """The team runs it; the head commands and the police and the partner play; a decision and an alarm."""
    exercise = ExerciseFactory(
        owner_office=cast.team, author=cast.owner, form="simulation", dimensions=["Civilians", "Time"]
    )
    objective = plan.add_objective(
        exercise, plan.ObjectiveInput("Warn in time", "Ten minutes"), actor=cast.owner
    )
    lead = plan.add_role(exercise, plan.RoleInput("Commander", 1, is_lead=True), actor=cast.owner)
    police = plan.add_role(exercise, plan.RoleInput("Police", 2), actor=cast.owner)
    run = plan.add_run(exercise, plan.RunInput("Team A"), actor=cast.owner)
    for role, person in ((lead, cast.outsider), (police, cast.other_component)):
        plan.take_seat(exercise, role, run, position=post_of(person), person=None, actor=cast.owner)
    alarm = plan.add_inject(
        exercise,
        plan.InjectInput(
            "Water rises", "The river is over the road", [police], at_minute=10, expected="Warn"
        ),
        actor=cast.owner,
    )
    choice = plan.add_inject(
        exercise,
        plan.InjectInput(
            "Which road",
            "Two roads are left",
            [lead, police],
            objective=objective,
            options=["North", "South"],
            effects=["It floods", "It holds"],
            scores=[[-2, 1], [3, -1]],
        ),
        actor=cast.owner,
    )
    verbs.schedule_exercise(exercise, actor=cast.owner, version=fresh(exercise).version)
    return {
        "exercise": exercise, "objective": objective, "lead": lead, "police": police,
        "run": run, "alarm": alarm, "choice": choice,
    }  # fmt: skip
