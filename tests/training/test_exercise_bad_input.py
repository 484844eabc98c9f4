"""What cannot be is told at the field where it was typed, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError
from tests.operations.steps import WHY, post_of
from tests.support.pages import body, signed_in, words
from tests.training.exercise_steps import drill_of, fresh
from training.models import Exercise, ExerciseInject, ExerciseRun, ExerciseSeat
from training.services import exercise as verbs
from training.services import exercise_plan as plan
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db
_LEAD = {"title": "Deputy", "component": 1, "is_lead": 1}


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    return drill_of(cast)


@pytest.fixture
def begun(cast: Any, drill: dict[str, Any]) -> dict[str, Any]:
    """The clock of Team A stands at 42 minutes."""
    running.start_run(fresh(drill["run"]), actor=cast.owner, version=1)
    ExerciseRun.objects.unscoped(WHY).update(started_at=timezone.now() - timedelta(minutes=42))
    return drill


def send(person: Any, exercise: Exercise, page: str, **sent: Any) -> Any:
    return signed_in(person).post(f"{exercise.get_absolute_url()}{page}", sent)


def at_field(answer: Any, name: str) -> str:
    """The words of the errors at a field; the summary on top links to it."""
    assert answer.status_code == 422, answer.status_code
    field = next(bound for bound in answer.context["form"] if bound.name == name)
    assert f'href="#{field.id_for_label or field.auto_id}"' in body(answer), answer.context["form"].errors
    return words(str(field.errors))


def inject(drill: dict[str, Any], **more: Any) -> dict[str, Any]:
    both = [drill["lead"].pk, drill["police"].pk]
    return {"title": "The dam breaks", "text": "Now", "roles": both} | more


def option(number: int, text: str) -> dict[str, Any]:
    return {f"option_{number}": text, f"score_{number}_0": 1, f"score_{number}_1": 1}


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        (option(0, "North"), "option_1", "two options at least"),
        (option(1, "North"), "option_0", "two options at least"),
        (option(0, "North") | option(2, "north"), "option_2", "say the same"),
        (option(0, "North") | {"option_1": "South"}, "score_1_0", "from -5 to 5"),
        (option(0, "North") | option(1, "South") | {"score_1_1": 9}, "score_1_1", "Give 5 or less"),
        ({"effect_2": "It floods"}, "option_2", "what can be chosen"),
        ({"at_minute": -1}, "at_minute", "Give 0 or more"),
        ({"at_minute": "soon"}, "at_minute", "whole number"),
        ({"at_minute": 10**12}, "at_minute", "Give 44640 or less"),
        ({"at_minute": 181}, "at_minute", "ends 180 minutes after STARTEX"),
        ({"roles": []}, "roles", "Choose at least one"),
        ({"title": "  "}, "title", "Fill this in"),
    ],
)
def test_an_inject_is_told_what_is_wrong_where_it_is(
    cast: Any, drill: dict[str, Any], sent: dict[str, Any], field: str, told: str
) -> None:
    answer = send(cast.owner, drill["exercise"], "plan/injects/new/", **inject(drill) | sent)
    assert told in at_field(answer, field)
    if field.startswith(("option", "score")):
        assert '<details class="more" open>' in body(answer)
    assert "The dam breaks" in body(answer) or "title" in sent
    assert ExerciseInject.objects.unscoped(WHY).count() == 2


def test_a_decision_goes_to_the_role_that_leads(cast: Any, drill: dict[str, Any]) -> None:
    sent = inject(drill, **option(0, "North"), **option(1, "South")) | {"roles": [drill["police"].pk]}
    answer = send(cast.owner, drill["exercise"], "plan/injects/new/", **sent)
    assert "the role that leads as well" in at_field(answer, "roles")


def test_a_minute_that_the_clock_has_passed_is_refused(cast: Any, begun: dict[str, Any]) -> None:
    answer = send(cast.owner, begun["exercise"], "plan/injects/new/", **inject(begun, at_minute=41))
    assert "The clock of Team A is at 42 minutes already" in at_field(answer, "at_minute")
    # What has stood on the clock is changed in its words; so is what control delivers by hand.
    key = f"plan/injects/{begun['alarm'].pk}/"
    kept = inject(begun, at_minute=10, version=fresh(begun["alarm"]).version)
    assert send(cast.owner, begun["exercise"], key, **kept).status_code == 302
    assert send(cast.owner, begun["exercise"], "plan/injects/new/", **inject(begun)).status_code == 302


def test_an_addressee_needs_a_seat_in_every_team_under_way(cast: Any, begun: dict[str, Any]) -> None:
    exercise = begun["exercise"]
    partner = plan.add_role(exercise, plan.RoleInput("Partner", 4), actor=cast.owner)
    answer = send(cast.owner, exercise, "plan/injects/new/", **inject(begun) | {"roles": [partner.pk]})
    assert "Nobody plays “Partner” in Team A" in at_field(answer, "roles")
    second = plan.add_run(exercise, plan.RunInput("Team B"), actor=cast.owner)
    plan.take_seat(exercise, partner, second, position=None, person=cast.head, actor=cast.owner)
    answer = send(cast.owner, exercise, "plan/injects/new/", **inject(begun) | {"roles": [partner.pk]})
    assert "Nobody plays “Partner” in Team A" in at_field(answer, "roles")


def test_a_seat_to_which_injects_go_is_not_emptied_under_the_clock(cast: Any, begun: dict[str, Any]) -> None:
    exercise, police = begun["exercise"], begun["police"].pk
    lead = post_of(cast.outsider)
    sent = {f"position_{begun['lead'].pk}": lead.pk, f"position_{begun['lead'].pk}_text": lead.title}
    answer = send(cast.owner, exercise, "runs/1/seats/", **sent)
    assert "say who plays it" in at_field(answer, f"position_{police}")
    assert ExerciseSeat.objects.unscoped(WHY).filter(run=begun["run"]).count() == 2


def test_nobody_plays_in_two_teams_at_once(cast: Any, begun: dict[str, Any]) -> None:
    exercise = begun["exercise"]
    second = plan.add_run(exercise, plan.RunInput("Team B"), actor=cast.owner)
    seats = {begun["lead"]: cast.head, begun["police"]: cast.other_component}
    for role, person in seats.items():
        plan.take_seat(exercise, role, second, position=post_of(person), person=None, actor=cast.owner)
    answer = send(cast.owner, exercise, "runs/2/start/", version=1)
    assert answer.status_code == 422
    assert "plays in Team A, which is under way" in words(body(answer))
    running.end_run(fresh(begun["run"]), actor=cast.owner, version=2)
    assert send(cast.owner, exercise, "runs/2/start/", version=1).status_code == 302


@pytest.mark.parametrize(
    ("part", "sent", "wrong"),
    [
        ("objectives", {"what": "Warn"}, {"measure": "Fill this in"}),
        ("objectives", {"what": "Warn", "measure": "Seen", "component": 9}, {"component": "values offered"}),
        ("roles", {"title": "police", "component": 2, "side": "player"}, {"title": "of this name already"}),
        ("roles", _LEAD | {"side": "player"}, {"is_lead": "leads already"}),
        ("roles", _LEAD | {"side": "control"}, {"is_lead": "do not lead"}),
        ("runs", {"team": "TEAM A"}, {"team": "has a run already"}),
        ("runs", {"team": "T" * 81}, {"team": "at most 80"}),
    ],
)
def test_the_rest_of_the_plan_likewise(
    cast: Any, drill: dict[str, Any], part: str, sent: dict[str, Any], wrong: dict[str, str]
) -> None:
    answer = send(cast.owner, drill["exercise"], f"plan/{part}/new/", **sent)
    for field, told in wrong.items():
        assert told in at_field(answer, field)


def test_the_role_that_decides_leads_on(cast: Any, drill: dict[str, Any]) -> None:
    key = f"plan/roles/{drill['lead'].pk}/"
    sent = {"title": "Commander", "component": 1, "side": "player", "version": 1}
    answer = send(cast.owner, drill["exercise"], key, **sent)
    assert "asks this role to decide" in at_field(answer, "is_lead")
    # In a draft the lead is handed over; who decides then is asked for when it is scheduled.
    Exercise.objects.unscoped(WHY).update(state="draft", published_at=None)
    assert send(cast.owner, drill["exercise"], key, **sent).status_code == 302
    draft = fresh(drill["exercise"])
    with pytest.raises(InvalidError) as error:
        verbs.schedule_exercise(draft, actor=cast.owner, version=draft.version)
    assert error.value.fields == {
        "injects": ["“2. Which road” asks for a decision. Send it to the role that leads as well."]
    }


def test_decisions_that_are_scored_keep_their_dimensions(cast: Any, drill: dict[str, Any]) -> None:
    exercise = fresh(drill["exercise"])
    data = verbs.ExerciseInput(
        title=exercise.title,
        form=exercise.form,
        purpose=exercise.purpose,
        starts_at=exercise.starts_at,
        ends_at=exercise.ends_at,
        dimensions=("Civilians",),
    )
    with pytest.raises(InvalidError) as error:
        verbs.edit_exercise(exercise, data, actor=cast.owner, version=exercise.version)
    assert set(error.value.fields) == {"dimensions"}


def test_two_forms_of_one_message_share_no_field(cast: Any, begun: dict[str, Any]) -> None:
    run = fresh(begun["run"])
    message = running.deliver_inject(run, fresh(begun["choice"]), actor=cast.owner, version=run.version)
    page = f"runs/1/inbox/{message.pk}/"
    send(cast.outsider, begun["exercise"], page, step="propose", option=0, why="Shorter", version=1)
    answer = signed_in(cast.other_component).get(f"{begun['exercise'].get_absolute_url()}{page}")
    ids = re.findall(r'\sid="([^"]+)"', body(answer))
    assert {"id_stance_text", "id_answer_text"} <= set(ids)
    assert sorted(ids) == sorted(set(ids))
    sent = {"step": "stance", "stance": "objects", "text": "", "role": begun["police"].pk, "version": 2}
    refused = send(cast.other_component, begun["exercise"], page, **sent)
    assert refused.status_code == 422
    assert 'href="#id_stance_text"' in body(refused)


def test_who_answers_an_older_message_keeps_what_was_typed(cast: Any, begun: dict[str, Any]) -> None:
    run = fresh(begun["run"])
    message = running.deliver_inject(run, fresh(begun["choice"]), actor=cast.owner, version=run.version)
    page = f"runs/1/inbox/{message.pk}/"
    send(cast.outsider, begun["exercise"], page, step="propose", option=0, why="Shorter", version=1)
    typed = {"step": "answer", "text": "The bridge is gone", "role": begun["police"].pk}
    answer = send(cast.other_component, begun["exercise"], page, **typed, version=1)
    assert answer.status_code == 409
    shown = body(answer)
    assert "Somebody changed this meanwhile" in words(shown)
    assert "The bridge is gone" in shown
    assert '<input type="hidden" name="version" value="2" form="message-answer">' in shown
    assert send(cast.other_component, begun["exercise"], page, **typed, version=2).status_code == 302
