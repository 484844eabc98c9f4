"""What is prepared, evaluated and struck on the pages of an exercise."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.models import StreamEvent
from tests.factories.training_exercise import (
    ExerciseFactory,
    FindingFactory,
    InjectFactory,
    ObjectiveFactory,
    ObservationFactory,
    RunFactory,
)
from tests.operations.steps import WHY, post_of
from tests.support.pages import body, signed_in, words
from tests.training.exercise_steps import drill_of, fresh
from training.models import ExerciseInject, ExerciseRun, Lesson
from training.models.exercise import MARK
from training.services import exercise as verbs
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(cast: Any) -> dict[str, Any]:
    """ENDEX was; the colleague has seen something, and has entered a finding."""
    exercise = ExerciseFactory(owner_office=cast.team, author=cast.owner, state="ended")
    run = RunFactory(exercise=exercise, number=1, state="ended")
    objective = ObjectiveFactory(exercise=exercise)
    seen = ObservationFactory(run=run, objective=objective, author=cast.colleague)
    finding = FindingFactory(exercise=exercise, author=cast.colleague, owner=post_of(cast.head))
    return {"exercise": exercise, "objective": objective, "seen": seen, "finding": finding}


def page(person: Any, name: str, *key: Any, **sent: Any) -> Any:
    client, address = signed_in(person), reverse(name, args=key)
    return client.post(address, sent, follow=True) if sent else client.get(address)


def test_what_is_planned_is_changed_and_removed_before_startex(cast: Any) -> None:
    drill = drill_of(cast)
    one = drill["exercise"].reference
    key = (one, "injects", drill["alarm"].pk)
    form = page(cast.owner, "exercise_part", *key)
    assert "Water rises" in body(form)
    assert "Warn" in body(form)
    sent = {"title": "The dam breaks", "text": "Now", "roles": [drill["police"].pk], "at_minute": 20}
    version = fresh(drill["alarm"]).version
    changed = page(cast.owner, "exercise_part", *key, **sent, expected="Warn all", version=version)
    assert "The dam breaks" in words(body(changed))
    assert page(cast.owner, "exercise_part_remove", *key).status_code == 200
    page(cast.owner, "exercise_part_remove", *key, version=version + 1)
    assert not ExerciseInject.objects.unscoped(WHY).filter(pk=drill["alarm"].pk).exists()
    for hidden in (cast.other_component, cast.partner):
        assert page(hidden, "exercise_part", one, "injects", drill["choice"].pk).status_code == 404


def test_a_clock_is_started_and_paused_on_the_board(cast: Any) -> None:
    drill = drill_of(cast)
    one = drill["exercise"].reference
    for step, state in (("start", "running"), ("pause", "paused"), ("resume", "running"), ("end", "ended")):
        assert page(cast.owner, "exercise_run_step", one, 1, step).status_code == 200
        assert page(cast.outsider, "exercise_run_step", one, 1, step).status_code == 404
        page(cast.owner, "exercise_run_step", one, 1, step, version=fresh(drill["run"]).version)
        assert ExerciseRun.objects.unscoped(WHY).get(pk=drill["run"].pk).state == state


def test_what_moves_an_exercise_is_told_to_its_open_pages(cast: Any) -> None:
    drill = drill_of(cast)
    run, exercise = drill["run"], drill["exercise"]

    def told() -> list[str]:
        kinds = StreamEvent.objects.filter(
            record_id=exercise.pk, kind__in=("exercise.state", "exercise.clock")
        )
        found = list(kinds.order_by("pk").values_list("kind", flat=True))
        kinds.delete()
        return found

    assert told() == ["exercise.state"]
    running.start_run(run, actor=cast.owner, version=1)
    assert told() == ["exercise.state", "exercise.clock"]
    running.pause_run(run, actor=cast.owner, version=2)
    assert told() == ["exercise.state", "exercise.clock"]
    running.end_run(run, actor=cast.owner, version=3)
    assert told() == ["exercise.state", "exercise.clock"]
    verbs.end_exercise(exercise, actor=cast.owner, version=fresh(exercise).version)
    assert told() == ["exercise.state"]
    other = drill_of(cast)["exercise"]
    verbs.cancel_exercise(other, actor=cast.owner, version=fresh(other).version, reason="No room")
    assert StreamEvent.objects.filter(record_id=other.pk, kind="exercise.state").count() == 2


def test_the_state_stands_live_on_every_page(cast: Any) -> None:
    drill = drill_of(cast)
    running.start_run(drill["run"], actor=cast.owner, version=1)
    one = drill["exercise"].reference
    live = reverse("exercise_live", args=[one])
    # A board shows all that has changed; on the other pages there are steps that may be no more.
    for name, key, asks in (
        ("exercise_board", (one, 1), live),
        ("exercise_inbox", (one, 1), live),
        ("exercise", (one,), f"{live}?shown=running"),
        ("exercise_plan", (one,), f"{live}?shown=running"),
    ):
        assert f'data-stream-refresh="{asks}"' in body(page(cast.owner, name, *key)), name
    running.pause_run(drill["run"], actor=cast.owner, version=2)
    client = signed_in(cast.owner)
    assert words(body(client.get(live))) == "paused"
    assert (
        words(body(client.get(live, {"shown": "running"}))) == "paused changed just now: load the page again"
    )
    assert words(body(client.get(live, {"shown": "paused"}))) == "paused"
    assert client.post(live).status_code == 405
    assert page(cast.partner, "exercise_live", one).status_code == 404


def test_the_dialog_of_every_step_says_that_it_is_an_exercise(cast: Any, ended: dict[str, Any]) -> None:
    drill = drill_of(cast)
    running.start_run(fresh(drill["run"]), actor=cast.owner, version=1)
    one, over = drill["exercise"].reference, ended["exercise"].reference
    steps: list[tuple[Any, ...]] = [
        ("exercise_verb", one, "cancel"),
        ("exercise_verb", one, "grant"),
        ("exercise_run_step", one, 1, "pause"),
        ("exercise_inject_step", one, 1, drill["alarm"].pk, "skip"),
        ("exercise_strike", over, ended["seen"].pk),
        ("exercise_finding_step", over, ended["finding"].pk, "withdraw"),
    ]
    planned = ObjectiveFactory(exercise=ExerciseFactory(owner_office=cast.team, author=cast.owner))
    steps.append(("exercise_part_remove", planned.exercise.reference, "objectives", planned.pk))
    for name, *key in steps:
        shown = body(page(cast.owner, name, *key))
        assert MARK in words(shown.partition('id="verb"')[2].partition("</form>")[0]), (name, key)


def test_an_objective_is_evaluated_with_what_was_seen_in_view(cast: Any, ended: dict[str, Any]) -> None:
    key = (ended["exercise"].reference, ended["objective"].pk)
    assert "Warned late" in words(body(page(cast.owner, "exercise_evaluate", *key)))
    sent = {"rating": "partly", "summary": "Two minutes late", "version": 1}
    assert "Two minutes late" in words(body(page(cast.owner, "exercise_evaluate", *key, **sent)))
    assert page(cast.partner, "exercise_evaluate", *key).status_code == 404


def test_an_observation_is_struck_with_the_reason(cast: Any, ended: dict[str, Any]) -> None:
    key = (ended["exercise"].reference, ended["seen"].pk)
    assert "Warned late" in words(body(page(cast.owner, "exercise_strike", *key)))
    page(cast.owner, "exercise_strike", *key, reason="Seen twice")
    assert fresh(ended["seen"]).struck_reason == "Seen twice"
    assert page(cast.outsider, "exercise_strike", *key).status_code == 404


def test_a_finding_is_corrected_and_made_a_lesson_by_another(cast: Any, ended: dict[str, Any]) -> None:
    key = (ended["exercise"].reference, ended["finding"].pk)
    assert "Two radios" in body(page(cast.owner, "exercise_finding", *key))
    post = post_of(cast.head)
    sent: dict[str, Any] = {"observation": "One radio", "recommendation": "Three radios"}
    sent |= {"owner": post.pk, "owner_text": post.title}
    told = page(cast.owner, "exercise_finding", *key, **sent, version=1)
    assert "Three radios" in words(body(told))
    assert page(cast.colleague, "exercise_finding_step", *key, "lesson").status_code == 403
    assert page(cast.owner, "exercise_finding_step", *key, "lesson").status_code == 200
    page(cast.owner, "exercise_finding_step", *key, "lesson", version=2)
    assert Lesson.objects.unscoped(WHY).get().recommendation == "Three radios"
    assert page(cast.outsider, "exercise_finding", *key).status_code == 404


def test_an_inject_is_skipped_on_its_own_page(cast: Any) -> None:
    exercise = ExerciseFactory(owner_office=cast.team, author=cast.owner, state="running")
    run = RunFactory(exercise=exercise, number=1, state="running")
    inject = InjectFactory(exercise=exercise)
    key = (exercise.reference, 1, inject.pk, "skip")
    assert inject.title in words(body(page(cast.owner, "exercise_inject_step", *key)))
    told = page(cast.owner, "exercise_inject_step", *key, version=run.version)
    assert "Skipped" in words(body(told))
