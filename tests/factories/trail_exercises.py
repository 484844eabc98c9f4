"""Rows of exercises for the test that every change leaves an event: how each is made, and what changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories.core import HoldingFactory, PersonFactory, PositionFactory, SharingGroupFactory, give
from tests.factories.training_exercise import (
    DeliveryFactory,
    ExerciseFactory,
    InjectFactory,
    ObjectiveFactory,
    RoleFactory,
    RunFactory,
    SeatFactory,
)
from training import models
from training.services.record import record_of


def _delivery() -> models.InjectDelivery:
    exercise = ExerciseFactory()
    run = RunFactory(exercise=exercise, state="running")
    made: models.InjectDelivery = DeliveryFactory(run=run, inject=InjectFactory(exercise=exercise))
    return made


def _grant(to: Any) -> Any:
    return lambda: give(ExerciseFactory(), to(), by=PersonFactory())


def _observation() -> Any:
    objective = ObjectiveFactory()
    run = RunFactory(exercise=objective.exercise, state="running")
    return models.ExerciseObservation.objects.create(
        run=run, objective=objective, seen="Warned", rating="partly", author=PersonFactory(), second=1
    )


def _response() -> Any:
    row = _delivery()
    role = RoleFactory(exercise=row.run.exercise)
    return models.InjectResponse.objects.create(
        delivery=row, role=role, author=PersonFactory(), text="We go", second=1
    )


def _entry() -> Any:
    person = PersonFactory()
    HoldingFactory(person=person)
    return models.ExerciseEntry.objects.create(
        record=record_of(person),
        exercise=ExerciseFactory(),
        role="Commander",
        side="player",
        component=1,
        first_on=date(2026, 11, 1),
        last_on=date(2026, 11, 2),
    )


ROWS: dict[Any, Any] = {
    models.ExerciseEntry: (_entry, ("role", "Changed")),
    models.Exercise: (ExerciseFactory, ("title", "Changed")),
    models.ExercisePersonGrant: (_grant(PersonFactory), None),
    models.ExerciseGroupGrant: (_grant(SharingGroupFactory), None),
    models.ExerciseObjective: (ObjectiveFactory, ("what", "Changed")),
    models.ExerciseRole: (RoleFactory, ("title", "Changed")),
    models.ExerciseRun: (RunFactory, ("team", "Changed")),
    models.ExerciseSeat: (
        lambda: SeatFactory(
            exercise=(role := RoleFactory(side="control")).exercise, role=role, position=PositionFactory()
        ),
        None,
    ),
    models.ExerciseInject: (InjectFactory, ("title", "Changed")),
    models.InjectExpectation: (
        lambda: models.InjectExpectation.objects.create(inject=InjectFactory()),
        ("expected", "Changed"),
    ),
    models.InjectDelivery: (_delivery, ("second", 7)),
    models.InjectResponse: (_response, ("text", "Changed")),
    models.InjectDecision: (
        lambda: models.InjectDecision.objects.create(
            delivery=_delivery(), proposed=0, proposal="Shorter", proposed_by=PersonFactory()
        ),
        ("proposal", "Changed"),
    ),
    models.ExerciseObservation: (_observation, ("seen", "Changed")),
    models.ExerciseReview: (
        lambda: models.ExerciseReview.objects.create(exercise=ExerciseFactory(), changed_by=PersonFactory()),
        ("why", "Changed"),
    ),
    models.ExerciseFinding: (
        lambda: models.ExerciseFinding.objects.create(
            exercise=ExerciseFactory(), observation="Seen", recommendation="Do", author=PersonFactory()
        ),
        ("insight", "Changed"),
    ),
    models.InjectAddressee: (
        lambda: models.InjectAddressee.objects.create(
            inject=(inject := InjectFactory()), role=RoleFactory(exercise=inject.exercise)
        ),
        None,
    ),
}
