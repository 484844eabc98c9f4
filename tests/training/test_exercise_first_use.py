"""What somebody who runs or plays an exercise for the first time has to be told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.templatetags.moments import moment_text
from tests.factories.core import DocumentFactory
from tests.operations.steps import WHY
from tests.support.pages import body, signed_in, words
from tests.support.papers import pages_of
from tests.training.exercise_steps import drill_of, fresh
from training.models import Exercise, ExerciseInject, ExerciseObservation, ExerciseRun, InjectDelivery
from training.reports.exercise_aar import make_exercise_aar
from training.services import exercise as verbs
from training.services import exercise_plan as plan
from training.services import exercise_play as play
from training.services import exercise_review as review
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    """Its clock runs, and the decision is asked for."""
    drill = drill_of(cast)
    run = running.start_run(fresh(drill["run"]), actor=cast.owner, version=1)
    drill["message"] = running.deliver_inject(run, fresh(drill["choice"]), actor=cast.owner, version=2)
    drill["base"] = drill["exercise"].get_absolute_url()
    drill["page"] = f"{drill['base']}runs/1/inbox/{drill['message'].pk}/"
    return drill


def shown(person: Any, address: str, **options: Any) -> str:
    return words(body(signed_in(person).get(address, **options)))


def ended(cast: Any, drill: dict[str, Any]) -> Exercise:
    return verbs.end_exercise(drill["exercise"], actor=cast.owner, version=fresh(drill["exercise"]).version)


def test_in_a_pause_nobody_answers_or_decides(cast: Any, drill: dict[str, Any]) -> None:
    running.pause_run(fresh(drill["run"]), actor=cast.owner, version=fresh(drill["run"]).version)
    message = fresh(drill["message"])
    with pytest.raises(RefusedError, match="The clock is paused"):
        play.propose_option(message, actor=cast.outsider, version=1, option=0, why="Shorter")
    with pytest.raises(RefusedError, match="The clock is paused"):
        play.answer_inject(message, actor=cast.outsider, version=1, role=drill["lead"], text="Here")
    assert not InjectDelivery.objects.visible_to(cast.outsider).waiting_for(cast.outsider).exists()
    page = body(signed_in(cast.outsider).get(drill["page"]))
    assert "The clock is paused: nobody answers" in words(page)
    assert 'id="message-propose"' not in page
    sent = {"step": "propose", "option": 0, "why": "Shorter", "version": 1}
    refused = signed_in(cast.outsider).post(drill["page"], sent)
    assert refused.status_code >= 400
    assert "The clock is paused" in words(body(refused))
    running.resume_run(fresh(drill["run"]), actor=cast.owner, version=fresh(drill["run"]).version)
    live = shown(cast.outsider, f"{drill['page']}?was=paused", headers={"HX-Request": "true"})
    assert "Propose an option" in live
    assert "Answer in words" in live


def test_players_are_told_who_does_what_next(cast: Any, drill: dict[str, Any]) -> None:
    police = cast.other_component
    assert "First “Commander” proposes an option. Then every other role" in shown(police, drill["page"])
    play.propose_option(fresh(drill["message"]), actor=cast.outsider, version=1, option=0, why="Shorter")
    assert "Now every other role concurs or objects. Then “Commander”" in shown(police, drill["page"])
    stance = {"role": drill["police"], "stance": "concurs", "text": ""}
    play.take_stance(fresh(drill["message"]), actor=police, version=2, **stance)
    assert "Every other role has spoken. Now “Commander” decides." in shown(police, drill["page"])


def test_the_real_times_stand_beside_the_planned_ones(cast: Any, drill: dict[str, Any]) -> None:
    began = fresh(drill["run"]).started_at - timedelta(hours=2)
    ExerciseRun.objects.unscoped(WHY).update(started_at=began)
    exercise = ended(cast, drill)
    over: datetime = fresh(drill["run"]).ended_at
    page = shown(cast.owner, drill["base"])
    for moment in (began, over, exercise.starts_at, exercise.ends_at):
        assert moment_text(moment) in page
    listed = body(signed_in(cast.owner).get(reverse("exercises")))
    assert moment_text(began) in listed
    assert moment_text(exercise.starts_at) not in listed
    paper = DocumentFactory(
        kind="exercise_aar",
        parameters={"exercise": exercise.reference},
        author=cast.owner,
        owner_office=cast.team,
    )
    made = make_exercise_aar(paper, cast.owner, lambda done, total: None)
    printed = " ".join(" ".join(pages_of(made.content)).split())
    for moment in (began, over, exercise.starts_at, exercise.ends_at):
        assert moment_text(moment) in printed


def test_an_evaluation_is_not_finished_without_a_finding(cast: Any, drill: dict[str, Any]) -> None:
    exercise = ended(cast, drill)
    objective = fresh(drill["objective"])
    review.evaluate_objective(
        objective, actor=cast.owner, version=objective.version, rating="partly", summary="Late"
    )
    texts = review.ExerciseTexts("All are warned", "Half were", "One radio", "Two radios")
    review.write_exercise_review(exercise, texts, actor=cast.owner, version=0)
    client = signed_in(cast.owner)
    assert "no finding can be added" in words(body(client.get(f"{drill['base']}finish/")))
    answer = client.post(f"{drill['base']}finish/", {"version": fresh(exercise).version})
    assert answer.status_code == 422
    assert "Enter at least one finding" in words(body(answer))
    assert fresh(exercise).state == "ended"


def test_an_observation_is_rated_by_who_notes_it(cast: Any, drill: dict[str, Any]) -> None:
    board = fresh(drill["run"])
    board.exercise = drill["exercise"]
    client = signed_in(cast.owner)
    form = client.get(board.get_absolute_url()).context["form"]
    assert 'value="" selected' in str(form["rating"])
    sent = {"seen": "They warned", "objective": drill["objective"].pk, "rating": ""}
    answer = client.post(board.get_absolute_url(), sent)
    assert answer.status_code == 422
    assert "Choose one" in str(answer.context["form"]["rating"].errors)
    assert not ExerciseObservation.objects.unscoped(WHY).exists()


def test_a_score_that_is_missing_names_its_option(cast: Any, drill: dict[str, Any]) -> None:
    roles = [drill["lead"].pk, drill["police"].pk]
    sent = {"title": "Dam", "text": "Now", "roles": roles, "option_0": "North", "option_1": "South"}
    scores = {"score_0_0": 1, "score_0_1": 1, "score_1_0": 1}
    answer = signed_in(cast.owner).post(f"{drill['base']}plan/injects/new/", sent | scores)
    assert answer.status_code == 422
    assert "Option 2: Time: A number from -5 to 5." in words(body(answer))


def test_each_value_of_the_comparison_names_its_team(cast: Any, drill: dict[str, Any]) -> None:
    ended(cast, drill)
    page = body(signed_in(cast.owner).get(f"{drill['base']}comparison/"))
    # The decision, two dimensions, the whole, the time and the objections.
    assert page.count('<td data-name="Team A">') == 6


def test_an_inject_is_written_before_its_roles_are_seated(cast: Any) -> None:
    drill = drill_of(cast)
    exercise = drill["exercise"]
    partner = plan.add_role(exercise, plan.RoleInput("Partner", 4), actor=cast.owner)
    address = f"{exercise.get_absolute_url()}plan/"
    assert "roles that nobody plays yet" not in shown(cast.owner, address)
    sent = {"title": "The dam breaks", "text": "Now", "roles": [partner.pk]}
    assert signed_in(cast.owner).post(f"{address}injects/new/", sent).status_code == 302
    assert ExerciseInject.objects.unscoped(WHY).filter(title="The dam breaks").exists()
    assert "name players before STARTEX: Partner (Team A)" in shown(cast.owner, address)
