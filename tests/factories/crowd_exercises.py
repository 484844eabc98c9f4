"""Exercises of the crowd: one that the reader controls, one in which they play, one in each other state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cimic_portal.core.sharing.levels import Component
from tests.factories.core import AreaFactory, OfficeFactory
from tests.factories.operations import OperationTypeFactory
from tests.factories.training import LessonFactory, LessonSourceFactory, LessonThemeFactory
from tests.factories.training_course import record_for
from tests.factories.training_exercise import (
    DeliveryFactory,
    EntryFactory,
    ExerciseFactory,
    FindingFactory,
    InjectFactory,
    ObjectiveFactory,
    ObservationFactory,
    RoleFactory,
    RunFactory,
    SeatFactory,
)
from training.models import ExerciseReview, InjectAddressee, InjectDecision, InjectExpectation, InjectResponse

if TYPE_CHECKING:
    from cimic_portal.core.models import Person, Position
    from tests.factories.cast import Cast


class Stage:
    """An exercise with one of each part: a lead whom the first run seats, a message, what came back."""

    def __init__(self, exercise: Any, run_state: str, *, lead: Position, other: Person) -> None:
        self.exercise, self.other = exercise, other
        self.objective = ObjectiveFactory(exercise=exercise)
        self.lead = RoleFactory(exercise=exercise, is_lead=True)
        self.run = RunFactory(exercise=exercise, number=1, state=run_state)
        SeatFactory(exercise=exercise, run=self.run, role=self.lead, position=lead)
        self.inject = self._inject(self.lead)
        self.seen = ObservationFactory(run=self.run, objective=self.objective, author=other)
        self.message: Any = None
        if run_state != "ready":
            self.message = DeliveryFactory(run=self.run, inject=self.inject)
            self._decide(self.message, other, taken=False)

    def _inject(self, *roles: Any) -> Any:
        inject = InjectFactory(exercise=self.exercise, objective=self.objective, options=["North", "South"])
        for role in roles:
            InjectAddressee.objects.create(inject=inject, role=role)
        InjectExpectation.objects.create(
            inject=inject, expected="Warn", effects=["Floods", "Holds"], scores=[[1], [2]]
        )
        return inject

    def _decide(self, message: Any, someone: Person, *, taken: bool) -> None:
        more: dict[str, Any] = (
            {"chosen": 1, "reasoning": "Safer", "decided_by": someone, "decided_second": 60, "scores": [2]}
            if taken
            else {}
        )
        InjectDecision.objects.create(
            delivery=message, proposed=0, proposal="Shorter", proposed_by=someone, **more
        )

    def grow(self, someone: Person) -> None:
        """One more of everything that hangs on it; the new role answers the message of the first run."""
        post, exercise = someone.holdings.get().position, self.exercise
        objective = ObjectiveFactory(exercise=exercise)
        role = RoleFactory(exercise=exercise)
        staff = RoleFactory(exercise=exercise, side="observer")
        SeatFactory(exercise=exercise, role=staff, position=post, person=someone)
        SeatFactory(exercise=exercise, run=self.run, role=role, position=post, person=someone)
        team = RunFactory(exercise=exercise, state=self.run.state)
        SeatFactory(exercise=exercise, run=team, role=self.lead, position=post)
        inject = self._inject(self.lead, role)
        InjectAddressee.objects.create(inject=self.inject, role=role)
        for run, about in ((self.run, objective), (self.run, self.objective), (team, objective)):
            ObservationFactory(run=run, objective=about, inject=inject, author=someone)
        if self.message is None:
            return
        messages = [DeliveryFactory(run=run, inject=inject, by=someone) for run in (self.run, team)]
        for message in messages:
            self._decide(message, someone, taken=True)
        DeliveryFactory(run=team, inject=self.inject)
        for message in (self.message, *messages):
            self._answer(message, role, someone)

    def _answer(self, message: Any, role: Any, someone: Person) -> None:
        said: dict[str, Any] = {"delivery": message, "role": role, "author": someone, "second": 60}
        InjectResponse.objects.create(**said, text="It floods", stance="objects")
        InjectResponse.objects.create(**said, text="We warn them")


class Exercises:
    """The reader's office controls them; in `played` a post of the reader's leads."""

    def __init__(self, cast: Cast, reader: Person, position: Position) -> None:
        self.cast, self.reader, self.position = cast, reader, position
        other, lead = cast.outsider, cast.owner.holdings.get().position
        team: dict[str, Any] = {
            "owner_office": cast.team,
            "author": cast.colleague,
            "form": "simulation",
            "dimensions": ["Civilians"],
        }

        def stage(state: str, run_state: str) -> Stage:
            return Stage(ExerciseFactory(**team, state=state), run_state, lead=lead, other=other)

        self.draft = ExerciseFactory(**team)
        self.planned = stage("scheduled", "ready")
        self.running = stage("running", "running")
        self.ended = stage("ended", "ended")
        self.evaluated = ExerciseFactory(**team, state="evaluated")
        self.review = ExerciseReview.objects.create(exercise=self.ended.exercise, changed_by=other)
        self.finding = FindingFactory(exercise=self.ended.exercise, author=other, owner=position)
        elsewhere = ExerciseFactory(owner_office=cast.police, author=other, state="running")
        self.played = Stage(elsewhere, "running", lead=position, other=other)

    def grow(self, someone: Person, number: int) -> Any:
        """More around each hub, and one more of another office in which the reader plays."""
        for stage in (self.planned, self.running, self.ended, self.played):
            stage.grow(someone)
        self._learn(someone)
        other = ExerciseFactory(
            owner_office=OfficeFactory(),
            author=someone,
            state="running",
            theme=LessonThemeFactory(name=f"Theme {number}"),
            kind=OperationTypeFactory(),
            area=AreaFactory(),
            audience_components=[Component.MILITARY],
        )
        Stage(other, "running", lead=self.position, other=someone)
        ExerciseFactory(owner_office=self.cast.team, author=someone, state="running")
        ExerciseFactory(owner_office=self.cast.team, author=self.reader)
        for person in (self.reader, someone):
            EntryFactory(record=record_for(person), exercise=other)
        return other

    def _learn(self, someone: Person) -> None:
        """Two findings of the exercise that has ended, one of them a lesson already."""
        ended, post = self.ended.exercise, someone.holdings.get().position
        FindingFactory(exercise=ended, author=someone, owner=post)
        kept = FindingFactory(exercise=ended, author=someone, owner=post)
        lesson = LessonFactory(owner_office=self.cast.team, author=someone, published=True, owner=post)
        LessonSourceFactory(lesson=lesson, operation=None, exercise=ended, exercise_finding=kept.pk)
        rows = ExerciseReview.objects.unscoped("the crowd changes what it knows")
        rows.filter(pk=self.review.pk).update(changed_by=someone, changed_at=timezone.now())
