"""The plan of an exercise in the API: read, written, changed and taken away; by whom, and what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.operations.steps import WHY, post_of
from tests.support.pages import signed_in
from tests.training.exercise_steps import drill_of, fresh
from training.models import Exercise, ExerciseInject, ExerciseSeat
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db
PARTS = ("objective", "role", "run", "inject")


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    return drill_of(cast)


def rows(person: Any, exercise: Exercise, part: str) -> Any:
    answer = signed_in(person).get(reverse(f"api:exercise-{part}-list", args=[exercise.reference]))
    return answer.json() if answer.status_code == 200 else answer.status_code


def enter(actor: Any, exercise: Exercise, part: str, **sent: Any) -> Any:
    address = reverse(f"api:exercise-{part}-list", args=[exercise.reference])
    return signed_in(actor).post(address, sent, content_type="application/json")


def change(person: Any, exercise: Exercise, part: str, pk: int, **sent: Any) -> Any:
    address = reverse(f"api:exercise-{part}-detail", args=[exercise.reference, pk])
    return signed_in(person).put(address, sent, content_type="application/json")


def remove(person: Any, exercise: Exercise, part: str, pk: int, version: int) -> Any:
    address = reverse(f"api:exercise-{part}-remove", args=[exercise.reference, pk])
    return signed_in(person).post(address, {"version": version}, content_type="application/json")


def choice(drill: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A decision between two options."""
    return {
        "title": "Which bridge",
        "text": "Two are left",
        "roles": [drill["lead"].pk, drill["police"].pk],
        "at_minute": 20,
        "objective": 1,
        "expected": "Ask the police first",
        "options": ["East", "West"],
        "effects": ["It falls"],
        "scores": [[-1, 2], [1, 0]],
    } | more


def test_each_part_is_entered_read_changed_and_taken_away(cast: Any, drill: dict[str, Any]) -> None:
    exercise = drill["exercise"]
    given: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "objective": ({"what": "Feed", "measure": "Meals"}, {"component": 4}),
        "role": ({"title": "Partner", "component": 4}, {"side": "observer"}),
        "run": ({"team": "Team B"}, {"team": "Team C"}),
        "inject": (choice(drill), {"at_minute": None, "objective": None}),
    }
    for part, (sent, other) in given.items():
        made = enter(cast.owner, exercise, part, **sent)
        assert made.status_code == 201, (part, made.content)
        row = made.json()
        assert row in rows(cast.owner, exercise, part)
        one = reverse(f"api:exercise-{part}-detail", args=[exercise.reference, row["id"]])
        assert signed_in(cast.owner).get(one).json() == row
        changed = change(cast.owner, exercise, part, row["id"], **sent | other, version=row["version"])
        assert changed.status_code == 200, (part, changed.content)
        assert {name: changed.json()[name] for name in other} == other
        stale = change(cast.owner, exercise, part, row["id"], **sent, version=row["version"])
        assert stale.status_code == 409, part
        assert remove(cast.owner, exercise, part, row["id"], row["version"]).status_code == 409
        gone = remove(cast.owner, exercise, part, row["id"], changed.json()["version"])
        assert gone.status_code == 204, part
        assert row["id"] not in [each["id"] for each in rows(cast.owner, exercise, part)]


def test_an_inject_is_told_with_what_control_alone_reads(cast: Any, drill: dict[str, Any]) -> None:
    exercise = drill["exercise"]
    row = enter(cast.owner, exercise, "inject", **choice(drill)).json()
    assert (row["objective"], row["effects"]) == (1, ["It falls", ""])
    assert [role["name"] for role in row["roles"]] == ["Commander", "Police"]
    # A player reads what was delivered to their role, and nothing of what is expected.
    assert rows(cast.other_component, exercise, "inject") == []
    run = running.start_run(fresh(drill["run"]), actor=cast.owner, version=1)
    running.deliver_inject(run, fresh(drill["choice"]), actor=cast.owner, version=run.version)
    (told,) = rows(cast.other_component, exercise, "inject")
    assert (told["title"], told["options"]) == ("Which road", ["North", "South"])
    assert (told["expected"], told["effects"], told["scores"]) == (None, None, None)


def test_a_role_is_given_to_a_post_and_to_nobody(cast: Any, drill: dict[str, Any]) -> None:
    exercise, post = drill["exercise"], post_of(cast.head)
    sent = {"run": 1, "role": drill["police"].pk}
    told = enter(cast.owner, exercise, "seat", **sent, position=post.pk, person=cast.head.pk).json()
    assert {"role": {"id": drill["police"].pk, "name": "Police"}, "run": 1} == {
        name: told[-1][name] for name in ("role", "run")
    }
    assert told[-1]["person"]["id"] == cast.head.pk
    assert len(enter(cast.owner, exercise, "seat", **sent).json()) == 1
    assert rows(cast.outsider, exercise, "seat")[0]["role"]["name"] == "Commander"
    for wrong, status in (({"run": 9}, 404), ({"role": 99999999}, 404), ({"run": None}, 422)):
        assert enter(cast.owner, exercise, "seat", **sent | wrong).status_code == status
    assert ExerciseSeat.objects.unscoped(WHY).count() == 1


def test_players_prepare_nothing_and_learn_nothing_by_trying(cast: Any, drill: dict[str, Any]) -> None:
    exercise, player = drill["exercise"], cast.other_component
    role = {"title": "Police", "component": 2, "side": "control", "version": 1}
    # Injects go to this role: that is told to control alone.
    answer = change(player, exercise, "role", drill["police"].pk, **role)
    assert answer.status_code == 403
    assert "njects" not in answer.content.decode()
    assert (
        change(player, exercise, "inject", drill["choice"].pk, **choice(drill), version=1).status_code == 404
    )
    for part, sent in (
        ("objective", {"what": "Feed", "measure": "Meals"}),
        ("role", {"title": "Partner", "component": 4}),
        ("run", {"team": "Team B"}),
        ("inject", choice(drill)),
        ("seat", {"role": drill["police"].pk, "run": 1}),
    ):
        assert enter(player, exercise, part, **sent).status_code == 403, part
        assert enter(cast.partner, exercise, part, **sent).status_code == 404, part
        assert rows(cast.partner, exercise, part) == 404
    for part in ("objective", "role", "run"):
        assert len(rows(player, exercise, part)) >= 1
    assert ExerciseInject.objects.unscoped(WHY).count() == 2


def test_what_is_wrong_is_told_field_by_field(cast: Any, drill: dict[str, Any]) -> None:
    exercise = drill["exercise"]
    for part, sent, fields in (
        ("objective", {"what": "x" * 301}, {"what", "measure"}),
        ("role", {"title": "police", "component": 2, "is_lead": True}, {"title", "is_lead"}),
        ("role", {"title": "Partner", "component": 9}, {"component"}),
        ("run", {"team": "team a"}, {"team"}),
        ("inject", choice(drill, roles=[99999999], objective=9), {"roles", "objective"}),
        ("inject", choice(drill, at_minute=181), {"at_minute"}),
        ("inject", choice(drill, at_minute=-1, scores=[[9]]), {"at_minute", "scores.0.0"}),
        ("inject", choice(drill, options=["East"], effects=[], scores=[[1, 1]]), {"options"}),
        ("inject", choice(drill, effects=["", "", "It falls"]), {"effects"}),
        ("inject", choice(drill, scores=[[1], [2]]), {"scores"}),
        ("inject", choice(drill, roles=[]), {"roles"}),
        ("seat", {"run": 0, "person": "x"}, {"role", "run", "person"}),
    ):
        answer = enter(cast.owner, exercise, part, **sent)
        assert answer.status_code == 422, (part, answer.content)
        assert set(answer.json()["errors"]) == fields, answer.json()
