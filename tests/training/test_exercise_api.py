"""Exercises in the API: from the draft to the lessons, who is refused, and what is told of a wrong call."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.sharing.levels import Component
from tests.factories.core import ahead
from tests.operations.steps import WHY, post_of
from tests.support.pages import signed_in
from tests.training.exercise_steps import drill_of, fresh
from training.models import (
    Exercise,
    ExerciseObservation,
    InjectDecision,
    InjectDelivery,
    InjectResponse,
    Lesson,
)
from training.services import exercise_review as review

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    return drill_of(cast)


def send(person: Any, exercise: Any, verb: str, **data: Any) -> Any:
    address = f"{reverse('api:exercise-detail', args=[exercise.reference])}{verb}/"
    return signed_in(person).post(address, data, content_type="application/json")


def done(person: Any, row: Any, verb: str, **data: Any) -> dict[str, Any]:
    """A verb on the exercise, or on a run of it, as it stands; the exercise as it is then."""
    is_run = row._meta.model_name == "exerciserun"
    given = {"run": row.number, **data} if is_run else data
    answer = send(person, row.exercise if is_run else row, verb, **{"version": fresh(row).version} | given)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def messages_of(person: Any, exercise: Any) -> list[dict[str, Any]]:
    answer = signed_in(person).get(reverse("api:exercise-messages", args=[exercise.reference]))
    assert answer.status_code == 200
    told: list[dict[str, Any]] = answer.json()
    return told


def begun(cast: Any, drill: dict[str, Any]) -> dict[str, Any]:
    """STARTEX, and the decision is asked for; the message."""
    done(cast.owner, drill["run"], "start-run")
    done(cast.owner, drill["run"], "deliver", inject=drill["choice"].number)
    (message,) = messages_of(cast.outsider, drill["exercise"])
    return message


class TestFromDraftToLessons:
    def test_planned_and_changed_by_the_api(self, cast: Any) -> None:
        sent = {
            "title": "Flood",
            "form": "table_top",
            "purpose": "Warn in time",
            "starts_at": ahead(days=2).isoformat(),
            "ends_at": ahead(days=2, hours=3).isoformat(),
            "office": cast.team.pk,
            "audience_components": [int(Component.POLICE)],
        }
        address = reverse("api:exercise-list")
        made = signed_in(cast.owner).post(address, sent, content_type="application/json")
        assert made.status_code == 201, made.content
        assert (made.json()["title"], made.json()["state"]) == ("Flood", "draft")
        wrong = sent | {"ends_at": sent["starts_at"], "office": cast.police.pk}
        answer = signed_in(cast.owner).post(address, wrong, content_type="application/json")
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"ends_at", "office"}
        # An exercise without anything is not scheduled, and everything that is missing is told at once.
        exercise = Exercise.objects.unscoped(WHY).get()
        answer = send(cast.owner, exercise, "schedule", version=1)
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"scenario", "objectives", "runs", "injects"}
        assert done(cast.owner, exercise, "cancel", reason="No room")["state"] == "cancelled"

    def test_one_that_is_whole_is_scheduled(self, cast: Any, drill: dict[str, Any]) -> None:
        exercise = drill["exercise"]
        Exercise.objects.unscoped(WHY).filter(pk=exercise.pk).update(state="draft", published_at=None)
        assert done(cast.owner, exercise, "schedule")["state"] == "scheduled"

    def test_played_decided_ended_and_finished(self, cast: Any, drill: dict[str, Any]) -> None:
        exercise, run = drill["exercise"], drill["run"]
        told = begun(cast, drill)
        assert (told["title"], told["options"]) == ("Which road", ["North", "South"])
        assert told["mark"] == "EXERCISE"
        assert "effects" not in told
        police, lead, one = cast.other_component, cast.outsider, {"message": told["id"]}
        said = done(police, exercise, "respond", **one, version=1, role=drill["police"].pk, text="We warn")
        assert said["state"] == "running"
        done(lead, exercise, "propose", **one, version=1, option=0, why="Shorter")
        stance = {"role": drill["police"].pk, "stance": "objects", "text": "It floods"}
        done(police, exercise, "take-stance", **one, version=2, **stance)
        done(lead, exercise, "decide", **one, version=3, option=1, reasoning="The objection holds")
        assert InjectDecision.objects.unscoped(WHY).get().effect == "It holds"
        seen = {"objective": drill["objective"].number, "seen": "Late", "rating": "partly"}
        done(cast.colleague, run, "observe", **seen, inject=drill["choice"].number)
        assert done(cast.owner, run, "pause-run")["state"] == "paused"
        assert done(cast.owner, run, "resume-run")["state"] == "running"
        done(cast.owner, run, "hold", inject=drill["alarm"].number)
        done(cast.owner, run, "skip", inject=drill["alarm"].number)
        done(cast.owner, run, "end-run")
        assert done(cast.owner, exercise, "end")["state"] == "ended"
        missing = send(cast.owner, exercise, "finish", version=fresh(exercise).version)
        assert missing.status_code == 422
        assert set(missing.json()["errors"]) == {"objectives", "review", "findings"}
        self._evaluate(cast, drill)
        assert done(cast.owner, exercise, "finish")["state"] == "evaluated"
        assert Lesson.objects.unscoped(WHY).get().author == cast.colleague
        assert done(cast.owner, exercise, "close")["state"] == "closed"

    def _evaluate(self, cast: Any, drill: dict[str, Any]) -> None:
        exercise = fresh(drill["exercise"])
        objective = fresh(drill["objective"])
        review.evaluate_objective(
            objective, actor=cast.owner, version=objective.version, rating="partly", summary="Late"
        )
        texts = review.ExerciseTexts("All are warned", "Half were", "One radio", "Two radios")
        review.write_exercise_review(exercise, texts, actor=cast.owner, version=0)
        found = review.ExerciseFindingInput("One radio", "Two radios", owner=post_of(cast.head))
        review.add_exercise_finding(exercise, found, actor=cast.colleague)


class TestWhoIsRefused:
    def test_players_neither_move_the_clock_nor_know_what_was_not_delivered(
        self, cast: Any, drill: dict[str, Any]
    ) -> None:
        exercise, run = drill["exercise"], drill["run"]
        begun(cast, drill)
        for verb in ("pause-run", "end-run"):
            sent = {"run": run.number, "version": fresh(run).version}
            assert send(cast.outsider, exercise, verb, **sent).status_code == 403, verb
        for verb in ("end", "finish", "close"):
            sent = {"version": fresh(exercise).version}
            assert send(cast.outsider, exercise, verb, **sent).status_code == 403, verb
        sent = {"run": run.number, "version": fresh(run).version, "inject": drill["alarm"].number}
        assert send(cast.other_component, exercise, "deliver", **sent).status_code == 404
        assert InjectDelivery.objects.unscoped(WHY).count() == 1

    def test_control_does_not_answer_for_players_nor_one_role_for_another(
        self, cast: Any, drill: dict[str, Any]
    ) -> None:
        exercise = drill["exercise"]
        of = {"message": begun(cast, drill)["id"], "version": 1, "text": "We go"}
        for person, role in ((cast.owner, "police"), (cast.outsider, "police")):
            answer = send(person, exercise, "respond", **of, role=drill[role].pk)
            assert answer.status_code == 403
        proposed = {**of, "option": 0, "why": "Shorter"}
        assert send(cast.other_component, exercise, "propose", **proposed).status_code == 403
        # Nothing is decided that nobody has proposed.
        decided = {**of, "option": 0, "reasoning": "Now"}
        assert send(cast.outsider, exercise, "decide", **decided).status_code == 403

    def test_for_others_neither_the_exercise_nor_its_messages_exist(
        self, cast: Any, drill: dict[str, Any]
    ) -> None:
        exercise = drill["exercise"]
        message = begun(cast, drill)["id"]
        sent = {"version": 1, "message": message, "role": drill["police"].pk, "text": "We go"}
        assert send(cast.partner, exercise, "respond", **sent).status_code == 404
        address = reverse("api:exercise-messages", args=[exercise.reference])
        assert signed_in(cast.partner).get(address).status_code == 404
        runs = reverse("api:exercise-run-list", args=[exercise.reference])
        assert signed_in(cast.partner).get(runs).status_code == 404
        assert [one["team"] for one in signed_in(cast.outsider).get(runs).json()] == ["Team A"]


class TestWrongCalls:
    def test_a_stale_version_is_a_conflict(self, cast: Any, drill: dict[str, Any]) -> None:
        exercise, run = drill["exercise"], drill["run"]
        shown, clock = fresh(exercise).version, fresh(run).version
        begun(cast, drill)
        assert send(cast.owner, exercise, "end", version=shown).status_code == 409
        for verb, more in (
            ("pause-run", {}),
            ("end-run", {}),
            ("skip", {"inject": drill["alarm"].number}),
        ):
            sent = {"run": run.number, "version": clock, **more}
            assert send(cast.owner, exercise, verb, **sent).status_code == 409, verb
        assert fresh(exercise).state == "running"

    def test_a_message_on_which_a_step_was_taken_meanwhile_is_a_conflict(
        self, cast: Any, drill: dict[str, Any]
    ) -> None:
        exercise, police, lead = drill["exercise"], cast.other_component, cast.outsider
        old = {"message": begun(cast, drill)["id"], "version": 1}
        done(lead, exercise, "propose", **old, option=0, why="Shorter")
        (told,) = messages_of(police, exercise)
        assert told["version"] == 2
        said = {"role": drill["police"].pk, "text": "It floods"}
        for person, verb, more in (
            (police, "respond", said),
            (police, "take-stance", {**said, "stance": "objects"}),
            (lead, "propose", {"option": 1, "why": "Safer"}),
            (lead, "decide", {"option": 1, "reasoning": "Safer"}),
        ):
            assert send(person, exercise, verb, **old, **more).status_code == 409, verb
        assert not InjectResponse.objects.unscoped(WHY).exists()
        # Answers in words stand beside each other.
        for _again in range(2):
            done(police, exercise, "respond", **old | {"version": 2}, **said)

    def test_bad_input_is_told_field_by_field(self, cast: Any, drill: dict[str, Any]) -> None:
        exercise = drill["exercise"]
        of = {"message": begun(cast, drill)["id"], "version": 1}
        for person, verb, sent, fields in (
            (cast.owner, "start-run", {"run": 0}, {"run", "version"}),
            (cast.owner, "cancel", {"version": fresh(exercise).version}, {"reason"}),
            (cast.other_component, "respond", {**of, "role": drill["police"].pk, "text": " "}, {"text"}),
            (cast.outsider, "propose", {**of, "option": 7, "why": "Shorter"}, {"option"}),
            (cast.outsider, "propose", {**of, "option": -1, "why": ""}, {"option", "why"}),
            (cast.owner, "observe", {"run": 1, "version": 1}, {"objective", "seen", "rating"}),
        ):
            answer = send(person, exercise, verb, **sent)
            assert answer.status_code == 422, (verb, answer.content)
            assert set(answer.json()["errors"]) == fields
        objection = {**of, "role": drill["police"].pk, "stance": "objects"}
        answer = send(cast.other_component, exercise, "take-stance", **objection)
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"text"}
        assert not ExerciseObservation.objects.unscoped(WHY).exists()

    def test_what_was_delivered_is_not_delivered_again(self, cast: Any, drill: dict[str, Any]) -> None:
        begun(cast, drill)
        sent = {"run": 1, "version": fresh(drill["run"]).version, "inject": drill["choice"].number}
        answer = send(cast.owner, drill["exercise"], "deliver", **sent)
        assert answer.status_code == 403
        assert "delivered already" in answer.json()["detail"]
