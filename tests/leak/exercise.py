"""Exercises: their pages, what only control reads, and their steps, for each exercise of the world."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.oracle import NamedFacts, RecordFacts
from tests.factories.operations_qip import post_of
from tests.factories.training_exercise import (
    DeliveryFactory,
    InjectFactory,
    ObjectiveFactory,
    RoleFactory,
    RunFactory,
    SeatFactory,
)
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from tests.leak.world import LeakWorld, mark, words
from training.models import (
    Exercise,
    ExerciseInject,
    ExerciseObservation,
    ExerciseRun,
    InjectAddressee,
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    InjectResponse,
)

PAGES = (
    "exercise_live",
    "exercise_evaluation",
    "exercise_comparison",
    "exercise_aar",
    "exercise_review_edit",
)
FORMS = ("exercise_edit", "exercise_finding_new", "exercise_seats", "exercise_plan")
OF_RUN = ("exercise_board", "exercise_run_seats", "exercise_inbox")


def add_exercise_parts(world: LeakWorld) -> None:
    """Each with an objective and two runs that all its readers know, and what control alone reads.

    In every second one people of the cast play: a message went to each team, another is held back.
    """
    for index, exercise in enumerate(world.records[Exercise]):
        objective = ObjectiveFactory(exercise=exercise, what="Shown", measure="Seen")
        runs = [RunFactory(exercise=exercise, number=number, state="running") for number in (1, 2)]
        lead = RoleFactory(exercise=exercise, title="Commander", is_lead=True)
        role = RoleFactory(exercise=exercise, title="Police")
        number = world.new_item(exercise, then=_read_by(exercise))
        inject = InjectFactory(exercise=exercise, number=1, **words(ExerciseInject, number))
        InjectExpectation.objects.create(inject=inject, **words(InjectExpectation, number))
        told = words(ExerciseObservation, number)
        ExerciseObservation.objects.create(
            run=runs[0],
            objective=objective,
            rating="partly",
            author=exercise.author,
            second=1,
            seen=told["seen"],
        )
        if index % 2 == 0:
            _play(world, exercise, runs, lead, role)


def _read_by(exercise: Exercise, *players: Person) -> RecordFacts:
    """As a draft of control that the players were asked to read."""
    return RecordFacts(
        owner_office=exercise.owner_office_id,
        author=exercise.author_id,
        classification=exercise.classification,
        published=False,
        asked=NamedFacts(positions=frozenset(post_of(player).pk for player in players)),
    )


def _play(world: LeakWorld, exercise: Exercise, runs: list[ExerciseRun], lead: Any, role: Any) -> None:
    """The police plays in one team, the partner in the other; the outsider leads the first.

    After ENDEX each team reads what the other was told.
    """
    cast = world.cast
    teams = (cast.other_component, cast.partner)
    SeatFactory(exercise=exercise, run=runs[0], role=lead, position=post_of(cast.outsider))
    for run, player in zip(runs, teams, strict=True):
        SeatFactory(exercise=exercise, run=run, role=role, position=post_of(player))
        readers = (*teams, cast.outsider) if exercise.state == "ended" else (player,)
        _message(world, run, role, "delivered", readers)
    _message(world, runs[0], role, "held", ())


def _message(
    world: LeakWorld, run: ExerciseRun, role: Any, state: str, readers: tuple[Person, ...]
) -> InjectDelivery:
    """An inject with what control expects, what became of it in the run, and what was answered."""
    exercise = run.exercise
    number = world.new_item(exercise, then=_read_by(exercise, *readers))
    options = [f"{mark(number)}option", f"{mark(number)}other"]
    inject = InjectFactory(exercise=exercise, options=options, **words(ExerciseInject, number))
    InjectAddressee.objects.create(inject=inject, role=role)
    control = world.new_item(exercise, then=_read_by(exercise))
    InjectExpectation.objects.create(inject=inject, **words(InjectExpectation, control))
    row: InjectDelivery = DeliveryFactory(run=run, inject=inject, state=state)
    by = {"delivery": row, "second": 1}
    InjectResponse.objects.create(**by, role=role, author=exercise.author, **words(InjectResponse, number))
    InjectDecision.objects.create(
        delivery=row,
        proposed=0,
        proposed_by=exercise.author,
        chosen=1,
        decided_by=exercise.author,
        decided_second=1,
        **words(InjectDecision, number),
    )
    world.messages[number] = row
    return row


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


@surface("messages of an exercise", "exercise_inbox", "exercise_message")
def _messages(visitor: Visitor) -> None:
    """Whoever was told a message has it in the inbox and opens it; what is held back nobody opens."""
    for number, row in visitor.some(visitor.world.messages.items()):
        run = [row.run.exercise.reference, row.run.number]
        may = {number} & visitor.world.may_be_told(visitor.person) if row.state == "delivered" else set()
        message, inbox = reverse("exercise_message", args=[*run, row.pk]), reverse("exercise_inbox", args=run)
        visitor.must_tell(message, visitor.get(message).said, may, {number})
        answer = visitor.get(inbox)
        # The inbox of another team does not exist, also where its messages are compared after ENDEX.
        if answer.status_code == 200 or row.run.exercise.state != "ended":
            visitor.must_tell(inbox, answer.said, may, {number})


@surface("messages in the API", "api:exercise-messages")
def _api(visitor: Visitor) -> None:
    for exercise in _rows(visitor):
        address = reverse("api:exercise-messages", args=[exercise.reference])
        answer = visitor.must_open(address, exercise)
        among = {number for number, row in visitor.world.messages.items() if row.run.exercise == exercise}
        told = {number for number in among if visitor.world.messages[number].state == "delivered"}
        visitor.must_tell(address, answer.said, told & visitor.world.may_be_told(visitor.person), among)


PLAN = ("objective", "role", "run", "inject")


@surface(
    "the plan of an exercise in the API",
    *(f"api:exercise-{part}-{route}" for part in PLAN for route in ("list", "detail", "remove")),
    "api:exercise-seat-list",
)
def _api_plan(visitor: Visitor) -> None:
    """Each kind of row: read, written and taken away; an inject by who reads it alone."""
    injects = dict(ExerciseInject.objects.unscoped("the test tries each").values_list("exercise_id", "pk"))
    for exercise in _rows(visitor):
        one = exercise.reference
        for part in (*PLAN, "seat"):
            address = reverse(f"api:exercise-{part}-list", args=[one])
            visitor.must_open(address, exercise)
            visitor.must_open(address, exercise, answer=visitor.post_json(address, {}))
        for part in PLAN:
            address = reverse(f"api:exercise-{part}-detail", args=[one, injects[exercise.pk]])
            visitor.get(address)
            visitor.post_json(f"{address}remove/", {"version": STALE})
