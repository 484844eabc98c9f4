"""The demo mission's exercises: one in every state at least, one simulation played by two teams."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cimic_portal.core.models import Area, Office, Person
from cimic_portal.core.sharing.levels import Component
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.exercise_words import DRILLS, Drill
from cimic_portal.overview.demo.records import reference
from operations.models import OperationType
from training.models import (
    Exercise,
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
)

DIMENSIONS = ["Protection of civilians", "Consent of the parties", "Humanitarian space", "Time and means"]
OPTIONS = [
    "Be seen at once with what is near",
    "Wait until all components stand ready",
    "Ask partners to move people first",
]
EFFECTS = [
    "Families stay; the groups halt at the edge of the quarter.",
    "Two hours are lost; a third of the families leave by night.",
    "Partners move the children; trust in the mission grows slowly.",
]
SCORES = [[4, -1, -1, 3], [-3, 1, 1, -3], [2, 2, 3, -1]]
_SEATS = (("Sector {team}", "Force", 1), ("Police HQ", "Police", 2), ("Civil Affairs", "Civil affairs", 3))
_AGO = {"draft": -40, "scheduled": -12, "running": 0, "paused": 0, "cancelled": -5}


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
        heads = [cast.offices[name] for name in sorted(cast.offices)]
        posts = self.office.positions.filter(pk__in=cast.holders).order_by("is_head", "pk")
        self.author: Person = cast.person(posts[0])
        self.players: list[Any] = [
            one.positions.filter(pk__in=cast.holders).order_by("pk").first()
            for component in (Component.MILITARY, Component.POLICE, Component.CIVILIAN)
            for one in [
                next(office for office in heads if office.component == component and _staffed(office, cast))
            ]
        ]
        self.is_over = drill.state in ("ended", "evaluated", "closed")
        self.has_begun = self.is_over or drill.state in ("running", "paused")

    def make(self) -> None:
        now = timezone.now()
        days = _AGO.get(self.drill.state, 20 + self.number * 9)
        start = now - timedelta(days=days) - (timedelta(minutes=42) if self.has_begun else timedelta())
        title = self.drill.title.format(place=self.place.name)
        self.exercise = Exercise.objects.create(
            reference=reference(self.rng), title=title, form=self.drill.form, purpose=self.drill.purpose,
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
        self.objective = ExerciseObjective.objects.create(
            exercise=self.exercise, number=1, what=self.drill.purpose[:300],
            measure="Who was told what, and after how many minutes.",
            rating="partly" if self.drill.state in ("evaluated", "closed") else "",
            summary="The first word came late; then all spoke with one voice."
            if self.drill.state in ("evaluated", "closed") else "",
        )  # fmt: skip
        self.roles = [
            ExerciseRole.objects.create(
                exercise=self.exercise, title=name, component=component, is_lead=component == 1
            )
            for _office, name, component in _SEATS
        ]
        self.injects = [self._inject(place, text) for place, text in enumerate(self.drill.injects)]
        teams = ["Team North", "Team South"] if self.number == 0 else ["Team North"]
        for place, team in enumerate(teams):
            self._run(place, team, start + timedelta(days=place))
        if self.drill.state in ("evaluated", "closed"):
            self._review()

    def _inject(self, place: int, title: str) -> ExerciseInject:
        decides = self.exercise.is_simulation and place < 2
        inject = ExerciseInject.objects.create(
            exercise=self.exercise, number=place + 1, title=title, objective=self.objective,
            text=f"{title}. Your office learns of it by radio; say what you do.",
            at_minute=place * 15 + 5 if place < 2 else None,
            options=OPTIONS if decides else [],
        )  # fmt: skip
        for role in self.roles:
            InjectAddressee.objects.create(inject=inject, role=role)
        InjectExpectation.objects.create(
            inject=inject, expected="Tell the others first, then move.",
            effects=EFFECTS if decides else [], scores=SCORES if decides else [],
        )  # fmt: skip
        return inject

    def _run(self, place: int, team: str, start: Any) -> None:
        state = "ended" if self.is_over else self.drill.state if self.has_begun else "ready"
        run = ExerciseRun.objects.create(
            exercise=self.exercise, number=place + 1, team=team, state=state,
            started_at=start if self.has_begun else None,
            paused_at=timezone.now() - timedelta(minutes=9) if state == "paused" else None,
            ended_at=start + timedelta(hours=2) if state == "ended" else None,
        )  # fmt: skip
        for role, position in zip(self.roles, self.players, strict=True):
            ExerciseSeat.objects.create(exercise=self.exercise, run=run, role=role, position=position)
        if self.has_begun:
            for inject in self.injects[:2]:
                self._deliver(run, inject, place)

    def _deliver(self, run: ExerciseRun, inject: ExerciseInject, team: int) -> None:
        assert run.started_at is not None  # Nothing is delivered before STARTEX.
        second = (inject.at_minute or 0) * 60
        row = InjectDelivery.objects.create(
            run=run,
            inject=inject,
            state="delivered",
            second=second,
            at=run.started_at + timedelta(seconds=second),
        )
        if not self.is_over:
            return
        for role, position in list(zip(self.roles, self.players, strict=True))[1:]:
            objects = bool(inject.options) and team == 1 and role.component == Component.CIVILIAN
            InjectResponse.objects.create(
                delivery=row, role=role, author=self.cast.person(position), second=second + 240,
                stance=("objects" if objects else "concurs") if inject.options else "",
                text="People leave before we come." if objects else "We move with the others and tell the chief.",
            )  # fmt: skip
        if inject.options:
            chosen, lead = (1 if team and inject.number == 1 else 0 if not team else 2), self.players[0]
            InjectDecision.objects.create(
                delivery=row, proposed=chosen, proposal="It can be done with what is here.",
                proposed_by=self.cast.person(lead), chosen=chosen, decided_by=self.cast.person(lead),
                reasoning="The others were heard; time counts most.", decided_second=second + 360 + team * 300,
                effect=EFFECTS[chosen], scores=SCORES[chosen],
            )  # fmt: skip
        ExerciseObservation.objects.create(
            run=run, objective=self.objective, inject=inject, author=self.author, second=second + 300,
            seen="The police were told after six minutes, the partners not at all.", rating="partly",
        )  # fmt: skip

    def _review(self) -> None:
        ExerciseReview.objects.create(
            exercise=self.exercise, expected="One word to all within ten minutes.",
            happened="The force knew at once, the others later.", why="Each component used its own radio.",
            next_steps="One list of who calls whom, tried each month.", changed_by=self.author,
            finished_by=self.author, finished_at=timezone.now() - timedelta(days=3), version=1,
        )  # fmt: skip


def _staffed(office: Office, cast: Cast) -> bool:
    return office.positions.filter(pk__in=cast.holders).exists()
