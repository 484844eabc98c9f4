"""The demo mission's exercises: one in every state at least, one simulation played by two teams."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from cimic_portal.core.models import Area, Office, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.exercise_answers import ANSWERS, CHOICES, LEARNT, SEEN, TAKEN
from cimic_portal.overview.demo.exercise_words import DRILLS, Drill
from cimic_portal.overview.demo.exercise_words import Inject as Told
from cimic_portal.overview.demo.records import reference
from operations.models import OperationType
from training.models import (
    Exercise,
    ExerciseFinding,
    ExerciseInject,
    ExerciseObjective,
    ExerciseObservation,
    ExerciseReview,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
    InjectAddressee,
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    InjectResponse,
    LessonSource,
    Side,
)
from training.services.lesson_news import lesson_of

DIMENSIONS = ["Protection of civilians", "Consent of the parties", "Humanitarian space", "Time and means"]
# Who plays in the team of a sector; the first leads. Whoever runs and watches sits in all runs.
_PLAYERS = (
    ("Sector {sector}", "Sector commander", "Force", Component.MILITARY),
    ("Police Sector {sector}", "Community policing officer", "Police", Component.POLICE),
    ("Civil Affairs {sector}", "Civil affairs officer", "Civil affairs", Component.CIVILIAN),
)
_STAFF = (
    ("Force HQ U9", "Chief U9", "Exercise director", Component.MILITARY, Side.CONTROL),
    ("Integrated Training", "Training officer", "Observer", Component.CIVILIAN, Side.OBSERVER),
)
_SECTORS = ("North", "South")
_AGO = {"draft": -40, "scheduled": -12, "running": 0, "paused": 0, "cancelled": -5}
# Minutes after STARTEX at which the first and the second inject come; control delivers the third.
_MINUTES = (5, 20)
_TOLD = ("evaluated", "closed")


def make_exercises(rng: random.Random, offices: Mapping[str, Office], districts: Sequence[Area]) -> None:
    """Twelve exercises, with what each has as far as it has come."""
    cast = cast_of(offices)
    for number, drill in enumerate(DRILLS):
        _Maker(rng, cast, drill, districts[number * 3 % len(districts)], number).make()


class _Maker:
    """One exercise and its parts."""

    def __init__(self, rng: random.Random, cast: Cast, drill: Drill, place: Area, number: int) -> None:
        self.rng, self.cast, self.drill, self.place, self.number = rng, cast, drill, place, number
        self.office = cast.offices["Force HQ U9"]
        self.author = cast.person(cast.head("Force HQ U9"))
        self.watcher = cast.person(cast.post("Integrated Training", "Training officer"))
        self.is_over = drill.state in ("ended", *_TOLD)
        self.has_begun = self.is_over or drill.state in ("running", "paused")

    def make(self) -> None:
        now = timezone.now()
        days = _AGO.get(self.drill.state, 20 + self.number * 9)
        start = now - timedelta(days=days) - (timedelta(minutes=42) if self.has_begun else timedelta())
        self.exercise = self._exercise(start)
        self.objectives = [self._objective(place) for place in range(len(self.drill.aims))]
        self.roles = [
            ExerciseRole.objects.create(
                exercise=self.exercise, title=name, component=component, is_lead=place == 0
            )
            for place, (_office, _post, name, component) in enumerate(_PLAYERS)
        ]
        for office, post, name, component, side in _STAFF:
            role = ExerciseRole.objects.create(
                exercise=self.exercise, title=name, component=component, side=side
            )
            position = self.cast.post(office, post)
            ExerciseSeat.objects.create(exercise=self.exercise, role=role, position=position)
        self.injects = [self._inject(place, told) for place, told in enumerate(self.drill.injects)]
        for place, sector in enumerate(_SECTORS if self.number == 0 else _SECTORS[:1]):
            self._run(place, sector, start + timedelta(days=place))
        if self.drill.state in _TOLD:
            self._review()

    def _exercise(self, start: datetime) -> Exercise:
        return Exercise.objects.create(
            reference=reference(self.rng), title=self.drill.title.format(place=self.place.name),
            form=self.drill.form, purpose=self.drill.purpose,
            scenario=f"## {self.place.name}\n\n{self.drill.scenario}", area=self.place,
            kind=OperationType.objects.filter(name=self.drill.kind).first(),
            starts_at=start, ends_at=start + timedelta(hours=3), state=self.drill.state,
            state_reason="The helicopters are needed elsewhere." if self.drill.state == "cancelled" else "",
            dimensions=DIMENSIONS if self.drill.form == "simulation" else [],
            owner_office=self.office, author=self.author,
            audience_components=[Component.MILITARY, Component.POLICE, Component.CIVILIAN],
            published_at=None if self.drill.state == "draft" else start - timedelta(days=7),
            ended_at=start + timedelta(hours=2) if self.is_over else None,
        )  # fmt: skip

    def _objective(self, place: int) -> ExerciseObjective:
        aim = self.drill.aims[place]
        is_told = self.drill.state in _TOLD
        rating, summary = LEARNT[self.drill.title].ratings[place] if is_told else ("", "")
        return ExerciseObjective.objects.create(
            exercise=self.exercise, number=place + 1, what=aim.what, component=aim.component,
            measure=aim.measure, rating=rating, summary=summary,
        )  # fmt: skip

    def _inject(self, place: int, told: Told) -> ExerciseInject:
        choices = CHOICES.get(self.drill.title, ())
        choice = choices[place] if place < len(choices) else None
        inject = ExerciseInject.objects.create(
            exercise=self.exercise, number=place + 1, title=told.title, text=told.text,
            objective=self.objectives[place % len(self.objectives)],
            at_minute=_MINUTES[place] if place < len(_MINUTES) else None,
            options=list(choice.options) if choice else [],
        )  # fmt: skip
        for role in self.roles:
            InjectAddressee.objects.create(inject=inject, role=role)
        InjectExpectation.objects.create(
            inject=inject, expected=told.expected,
            effects=list(choice.effects) if choice else [],
            scores=[list(row) for row in choice.scores] if choice else [],
        )  # fmt: skip
        return inject

    def _run(self, place: int, sector: str, start: datetime) -> None:
        state = "ended" if self.is_over else self.drill.state if self.has_begun else "ready"
        run = ExerciseRun.objects.create(
            exercise=self.exercise, number=place + 1, team=f"Team {sector}", state=state,
            started_at=start if self.has_begun else None,
            paused_at=timezone.now() - timedelta(minutes=9) if state == "paused" else None,
            ended_at=start + timedelta(hours=2) if state == "ended" else None,
        )  # fmt: skip
        posts = [self.cast.post(office.format(sector=sector), post) for office, post, *_role in _PLAYERS]
        for role, position in zip(self.roles, posts, strict=True):
            ExerciseSeat.objects.create(exercise=self.exercise, run=run, role=role, position=position)
        if self.has_begun:
            for number, inject in enumerate(self.injects[: len(_MINUTES)]):
                self._deliver(run, inject, number, posts)

    def _deliver(self, run: ExerciseRun, inject: ExerciseInject, number: int, posts: list[Position]) -> None:
        assert run.started_at is not None  # Nothing is delivered before STARTEX.
        second = (inject.at_minute or 0) * 60
        at = run.started_at + timedelta(seconds=second)
        row = InjectDelivery.objects.create(run=run, inject=inject, state="delivered", second=second, at=at)
        if inject.options:
            self._decide(row, number, run.number - 1, posts)
        else:
            said = ANSWERS[self.drill.title][number]
            for place, text in enumerate(said):
                self._say(row, place, text, posts, second=second + 180 + place * 70)
        for text, rating in self._seen(inject, number, run.number - 1):
            ExerciseObservation.objects.create(
                run=run, objective=self.objectives[number % len(self.objectives)], inject=inject, author=self.watcher,
                second=second + 540, seen=text, rating=rating,
            )  # fmt: skip

    def _seen(self, inject: ExerciseInject, number: int, team: int) -> Sequence[tuple[str, str]]:
        if inject.options:
            return [(TAKEN[number, team].seen, TAKEN[number, team].rating)]
        return SEEN[self.drill.title][number : number + 1]

    def _say(
        self,
        row: InjectDelivery,
        place: int,
        text: str,
        posts: list[Position],
        *,
        second: int,
        stance: str = "",
    ) -> None:
        InjectResponse.objects.create(
            delivery=row, role=self.roles[place], author=self.cast.person(posts[place]), text=text,
            stance=stance, second=second, at=row.at + timedelta(seconds=second - row.second),
        )  # fmt: skip

    def _decide(self, row: InjectDelivery, number: int, team: int, posts: list[Position]) -> None:
        """The lead proposes, the others concur or object, the lead decides with their words in view."""
        taken, choice = TAKEN[number, team], CHOICES[self.drill.title][number]
        for place, text in enumerate((taken.police, taken.civilian), start=1):
            stance = "objects" if text.startswith("!") else "concurs"
            second = row.second + 180 + place * 60
            self._say(row, place, text.removeprefix("!"), posts, second=second, stance=stance)
        lead = self.cast.person(posts[0])
        InjectDecision.objects.create(
            delivery=row, proposed=taken.proposed, proposal=taken.why, proposed_by=lead, chosen=taken.chosen,
            decided_by=lead, reasoning=taken.reasoning,
            decided_second=row.second + 360 + number * 180 + team * 300,
            effect=choice.effects[taken.chosen], scores=list(choice.scores[taken.chosen]),
        )  # fmt: skip
        row.version = 5
        row.save()

    def _review(self) -> None:
        learnt = LEARNT[self.drill.title]
        expected, happened, why, next_steps = learnt.review
        ExerciseReview.objects.create(
            exercise=self.exercise, expected=expected, happened=happened, why=why, next_steps=next_steps,
            changed_by=self.author, finished_by=self.author,
            finished_at=timezone.now() - timedelta(days=3), version=1,
        )  # fmt: skip
        observation, insight, recommendation = learnt.finding
        finding = ExerciseFinding.objects.create(
            exercise=self.exercise, observation=observation, insight=insight, recommendation=recommendation,
            owner=self.cast.post("Force HQ U9", "Operations officer"), author=self.watcher,
        )  # fmt: skip
        lesson = lesson_of(finding)
        lesson.reference = reference(self.rng)
        lesson.save()
        LessonSource.objects.create(lesson=lesson, exercise=self.exercise, exercise_finding=finding.pk)
