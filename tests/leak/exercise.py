"""Exercises: their pages, what only control reads, and their steps, for each exercise of the world."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cimic_portal.core.sharing.oracle import RecordFacts
from tests.factories.training_exercise import InjectFactory, ObjectiveFactory, RoleFactory, RunFactory
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from tests.leak.world import LeakWorld, words
from training.models import Exercise, ExerciseInject, ExerciseObservation, InjectExpectation

PAGES = ("exercise_evaluation", "exercise_comparison", "exercise_aar", "exercise_review_edit")
FORMS = ("exercise_edit", "exercise_finding_new", "exercise_seats", "exercise_plan")
OF_RUN = ("exercise_board", "exercise_run_seats", "exercise_inbox")


def add_exercise_parts(world: LeakWorld) -> None:
    """Each with an objective and a run that all its readers know, and an inject for control alone."""
    for exercise in world.records[Exercise]:
        control = RecordFacts(
            owner_office=exercise.owner_office_id,
            author=exercise.author_id,
            classification=exercise.classification,
            published=False,
        )
        objective = ObjectiveFactory(exercise=exercise, what="Shown", measure="Seen")
        run = RunFactory(exercise=exercise, number=1, state="running")
        RoleFactory(exercise=exercise, title="Commander", is_lead=True)
        number = world.new_item(exercise, then=control)
        inject = InjectFactory(exercise=exercise, number=1, **words(ExerciseInject, number))
        InjectExpectation.objects.create(inject=inject, **words(InjectExpectation, number))
        told = words(ExerciseObservation, number)
        ExerciseObservation.objects.create(
            run=run, objective=objective, rating="partly", author=exercise.author, second=1, seen=told["seen"]
        )


def _rows(visitor: Visitor) -> Any:
    return visitor.some(visitor.world.records[Exercise])


@surface("pages of an exercise", *PAGES, *FORMS, *OF_RUN, "exercise_msel", "exercise_part_new")
def _pages(visitor: Visitor) -> None:
    for exercise in _rows(visitor):
        one = [exercise.reference]
        addresses = [reverse(name, args=one) for name in (*PAGES, *FORMS)]
        addresses += [reverse(name, args=[*one, 1]) for name in OF_RUN]
        addresses += [reverse("exercise_msel", args=[*one, "csv"])]
        addresses += [reverse("exercise_part_new", args=[*one, part]) for part in ("injects", "roles")]
        for address in addresses:
            visitor.get(address)


@surface(
    "steps of an exercise",
    "exercise_part",
    "exercise_part_remove",
    "exercise_message",
    "exercise_inject_step",
    "exercise_run_step",
    "exercise_strike",
    "exercise_evaluate",
    "exercise_finding",
    "exercise_finding_step",
)
def _steps(visitor: Visitor) -> None:
    injects = dict(ExerciseInject.objects.unscoped("the test tries each").values_list("exercise_id", "pk"))
    for exercise in _rows(visitor):
        one, pk = exercise.reference, injects[exercise.pk]
        for address in (
            reverse("exercise_part", args=[one, "injects", pk]),
            reverse("exercise_part_remove", args=[one, "injects", pk]),
            reverse("exercise_message", args=[one, 1, pk]),
            reverse("exercise_inject_step", args=[one, 1, pk, "skip"]),
            reverse("exercise_run_step", args=[one, 1, "pause"]),
            reverse("exercise_strike", args=[one, pk]),
            reverse("exercise_evaluate", args=[one, pk]),
            reverse("exercise_finding", args=[one, pk]),
            reverse("exercise_finding_step", args=[one, pk, "withdraw"]),
        ):
            visitor.get(address)
            visitor.post(address, {"version": STALE})


@surface("runs and messages in the API", "api:exercise-runs", "api:exercise-messages", tells=False)
def _api(visitor: Visitor) -> None:
    for exercise in _rows(visitor):
        for name in ("runs", "messages"):
            visitor.must_open(reverse(f"api:exercise-{name}", args=[exercise.reference]), exercise)
