"""An exercise from the draft to the lesson, on its pages and by its services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.core import DocumentFactory, ahead
from tests.operations.steps import WHY, post_of
from tests.support.pages import body, signed_in, words
from tests.support.papers import pages_of
from tests.training.exercise_steps import drill_of, fresh
from training.models import (
    Exercise,
    ExerciseEntry,
    ExerciseInject,
    ExerciseRun,
    InjectDecision,
    InjectDelivery,
    InjectExpectation,
    Lesson,
    LessonSource,
)
from training.reports.exercise_aar import make_exercise_aar
from training.reports.exercise_comparison import compare
from training.services import exercise as verbs
from training.services import exercise_plan as plan
from training.services import exercise_play as play
from training.services import exercise_review as review
from training.services import exercise_run as running

pytestmark = pytest.mark.django_db


def exercise_of(row: Any) -> Any:
    """A part with its exercise at hand, as views give it to services."""
    return type(row)._default_manager.unscoped(WHY).select_related("exercise__owner_office").get(pk=row.pk)


@pytest.fixture
def drill(cast: Any) -> dict[str, Any]:
    return drill_of(cast)


def begin(drill: dict[str, Any], actor: Any) -> ExerciseRun:
    run = exercise_of(drill["run"])
    return running.start_run(run, actor=actor, version=run.version)


def waits_for(person: Any) -> int:
    return InjectDelivery.objects.visible_to(person).waiting_for(person).count()


def test_the_clock_delivers_once_and_leaves_pauses_out(cast, drill):
    run = begin(drill, cast.owner)
    assert running.deliver_due() == 0
    rows = ExerciseRun.objects.unscoped(WHY).filter(pk=run.pk)
    rows.update(started_at=timezone.now() - timedelta(minutes=12), paused_seconds=300)
    assert running.deliver_due() == 0
    rows.update(paused_seconds=30)
    assert running.deliver_due() == 1
    assert running.deliver_due() == 0
    seen = ExerciseInject.objects.visible_to(cast.other_component)
    assert [row.title for row in seen] == ["Water rises"]
    assert not InjectExpectation.objects.visible_to(cast.other_component).exists()
    assert not ExerciseInject.objects.visible_to(cast.outsider).exists()


def test_an_inject_of_one_team_is_not_shown_to_the_other(cast, drill):
    other = plan.add_run(drill["exercise"], plan.RunInput("Team B"), actor=cast.owner)
    plan.take_seat(
        drill["exercise"],
        drill["police"],
        other,
        position=post_of(cast.partner),
        person=None,
        actor=cast.owner,
    )
    run = begin(drill, cast.owner)
    running.deliver_inject(exercise_of(run), fresh(drill["alarm"]), actor=cast.owner, version=run.version)
    assert ExerciseInject.objects.visible_to(cast.other_component).count() == 1
    assert Exercise.objects.visible_to(cast.partner).exists()
    assert not ExerciseInject.objects.visible_to(cast.partner).exists()


def test_a_decision_is_taken_when_every_role_has_spoken_and_is_compared(cast, drill):
    run = begin(drill, cast.owner)
    message = running.deliver_inject(
        exercise_of(run), fresh(drill["choice"]), actor=cast.owner, version=run.version
    )
    lead, police = cast.outsider, cast.other_component
    assert (waits_for(lead), waits_for(police)) == (1, 0)
    play.propose_option(message, version=1, actor=cast.outsider, option=0, why="Shorter")
    # The lead waits for the others now, not the others for the lead.
    assert (waits_for(lead), waits_for(police)) == (0, 1)
    with pytest.raises(RefusedError, match="Silence is no consent"):
        play.decide(message, version=2, actor=cast.outsider, option=0, reasoning="Now")
    with pytest.raises(RefusedError):
        stance = {"role": drill["police"], "stance": "concurs", "text": ""}
        play.take_stance(message, version=2, actor=cast.outsider, **stance)
    stance = {"role": drill["police"], "stance": "objects", "text": "It floods"}
    play.take_stance(message, version=2, actor=cast.other_component, **stance)
    assert (waits_for(lead), waits_for(police)) == (1, 0)
    play.decide(message, version=3, actor=cast.outsider, option=1, reasoning="The objection holds")
    assert (waits_for(lead), waits_for(police)) == (0, 0)
    decision = InjectDecision.objects.unscoped(WHY).get()
    assert (decision.effect, decision.scores) == ("It holds", [3, -1])
    found = compare(fresh(drill["exercise"]), cast.owner)
    assert found.sums[0].total == 2
    assert found.rows[0].cells[0].changed
    assert [str(row.role) for row in found.rows[0].cells[0].objections] == ["Police"]


def test_what_cannot_be_is_refused_with_the_reason(cast, drill):
    exercise = drill["exercise"]
    idle = plan.add_role(exercise, plan.RoleInput("Nobody", 3), actor=cast.owner)
    with pytest.raises(InvalidError) as refused:
        plan.add_inject(exercise, plan.InjectInput("Late", "x", [idle], at_minute=999), actor=cast.owner)
    assert set(refused.value.fields) == {"at_minute"}
    with pytest.raises(InvalidError) as refused:
        verbs.create_exercise(
            verbs.ExerciseInput("x", "field", "y", ahead(days=2), ahead(days=1)),
            actor=cast.owner,
            office=cast.team,
        )
    assert set(refused.value.fields) == {"ends_at"}
    with pytest.raises(InvalidError) as refused:
        cast.auditor.clearance = 1
        exercise.classification = 2
        Exercise.objects.unscoped(WHY).filter(pk=exercise.pk).update(classification=2)
        plan.take_seat(exercise, idle, drill["run"], position=None, person=cast.auditor, actor=cast.owner)
    assert "person" in refused.value.fields
    run = begin(drill, cast.owner)
    message = running.deliver_inject(
        exercise_of(run), fresh(drill["alarm"]), actor=cast.owner, version=run.version
    )
    with pytest.raises(RefusedError, match="play no role"):
        play.answer_inject(message, version=1, actor=cast.owner, role=drill["police"], text="Here")


@pytest.mark.parametrize("step", ["deliver_inject", "hold_inject", "skip_inject"])
def test_an_inject_of_another_exercise_is_refused(cast, drill, step):
    run = begin(drill, cast.owner)
    other = drill_of(cast)
    with pytest.raises(RefusedError, match="another exercise"):
        getattr(running, step)(exercise_of(run), other["alarm"], actor=cast.owner, version=run.version)


def test_endex_stands_in_the_training_records_and_findings_become_lessons(cast, drill):
    begin(drill, cast.owner)
    exercise = verbs.end_exercise(
        drill["exercise"], actor=cast.owner, version=fresh(drill["exercise"]).version
    )
    entries = ExerciseEntry.objects.unscoped(WHY).filter(exercise=exercise)
    assert {entry.role for entry in entries} == {"Commander", "Police"}
    objective = exercise_of(drill["objective"])
    review.evaluate_objective(
        objective, actor=cast.owner, version=objective.version, rating="partly", summary="Late by two minutes"
    )
    texts = review.ExerciseTexts("All are warned", "Half were", "One radio", "Two radios")
    review.write_exercise_review(exercise, texts, actor=cast.owner, version=0)
    told = review.ExerciseFindingInput("One radio is not enough", "Two radios", owner=post_of(cast.head))
    finding = exercise_of(review.add_exercise_finding(exercise, told, actor=cast.owner))
    with pytest.raises(RefusedError, match="Nobody releases"):
        review.make_lesson(finding, actor=cast.owner, version=finding.version)
    review.make_lesson(finding, actor=cast.colleague, version=finding.version)
    review.finish_exercise(exercise, actor=cast.owner, version=fresh(exercise).version)
    lesson = Lesson.objects.unscoped(WHY).get()
    assert lesson.state == "identified"
    assert LessonSource.objects.unscoped(WHY).get().exercise_id == exercise.pk
    entry = entries.select_related("record").first()
    client = signed_in(entry.record.person)
    assert entry.role in body(client.get(f"/training/records/{entry.record.reference}/"))
    paper = DocumentFactory(
        kind="exercise_aar",
        parameters={"exercise": exercise.reference},
        author=cast.owner,
        owner_office=cast.team,
    )
    made = make_exercise_aar(paper, cast.owner, lambda done, total: None)
    assert "One radio is not enough" in " ".join(" ".join(pages_of(made.content)).split())


def test_every_page_opens_for_who_may_and_does_not_exist_for_the_others(cast, drill):
    exercise = drill["exercise"]
    run = begin(drill, cast.owner)
    message = running.deliver_inject(
        exercise_of(run), fresh(drill["alarm"]), actor=cast.owner, version=run.version
    )
    base = exercise.get_absolute_url()
    control = [
        base, f"{base}edit/", f"{base}plan/", f"{base}plan/injects/new/", f"{base}plan/roles/new/",
        f"{base}plan/injects/{drill['choice'].pk}/", f"{base}seats/", f"{base}runs/1/",
        f"{base}runs/1/seats/",
        f"{base}runs/1/pause/", f"{base}runs/1/injects/{drill['choice'].pk}/deliver/", f"{base}end/",
        f"{base}plan/msel.csv", f"{base}plan/msel.xlsx", f"{base}runs/1/inbox/", reverse("exercises"),
        reverse("exercise_new"), f"{base}runs/1/inbox/{message.pk}/",
    ]  # fmt: skip
    for address in control:
        assert signed_in(cast.owner).get(address).status_code == 200, address
    player = signed_in(cast.other_component)
    shown = words(body(player.get(f"{base}runs/1/inbox/{message.pk}/")))
    assert "EXERCISE EXERCISE EXERCISE" in shown
    assert "The river is over the road" in shown
    assert "expected" not in shown
    for hidden in (f"{base}plan/", f"{base}runs/1/", f"{base}plan/msel.csv"):
        assert player.get(hidden).status_code == 404
    answer = player.post(
        f"{base}runs/1/inbox/{message.pk}/",
        {"step": "answer", "role": drill["police"].pk, "text": "We warn the quarter", "version": 1},
        follow=True,
    )
    assert "We warn the quarter" in words(body(answer))
    assert signed_in(cast.partner).get(base).status_code == 404
    noted = signed_in(cast.owner).post(
        f"{base}runs/1/",
        {"seen": "Warned at once", "objective": drill["objective"].pk, "rating": "achieved"},
        follow=True,
    )
    assert "Warned at once" in words(body(noted))
    verbs.end_exercise(exercise, actor=cast.owner, version=fresh(exercise).version)
    for page in ("evaluation/", "comparison/", "aar/", "evaluation/text/", "evaluation/findings/new/"):
        assert signed_in(cast.owner).get(f"{base}{page}").status_code == 200, page
    assert InjectDelivery.objects.unscoped(WHY).count() == 1
