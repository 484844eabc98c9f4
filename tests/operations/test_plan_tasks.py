"""Phases and tasks: what fits is saved, what does not is refused at its field with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.templatetags.moments import moment_text
from operations.models import OperationTask, Phase
from operations.services.phases import add_phase, change_phase, move_phase, remove_phase
from operations.services.schedule import (
    change_task,
    move_task,
    move_tasks,
    remove_task,
    reorder_tasks,
    set_needs,
)
from operations.services.schedule_checks import PhaseInput
from tests.operations.schedule_steps import again, day, links, of, phase, task
from tests.operations.steps import WHY, drafted, revision_of, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Any) -> Any:
    """Visit, days 6 to 9, with Recce before Patrol, each of a day."""
    operation = drafted(cast)
    visit = phase(operation, cast.owner, "Visit", 6, 9)
    recce = task(operation, cast.owner, "Recce", 6, 7, phase=visit, office=cast.team)
    patrol = task(operation, cast.owner, "Patrol", 7, 8, phase=visit, office=cast.police, needs=(recce,))
    return operation, visit, recce, patrol


def problems(call: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidError) as refused:
        call()
    return refused.value.fields


def test_what_fits_is_saved_with_what_it_needs(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    assert links(operation) == {("Patrol", "Recce")}
    change_task(recce, of(recce, title="Recce of the ford"), actor=cast.owner, version=1)
    assert (again(recce).title, again(recce).version, again(patrol).version) == ("Recce of the ford", 2, 1)


@pytest.mark.parametrize(
    ("start", "end", "field"), [(5, 6.5, "starts_at"), (8, 9.5, "ends_at"), (9, 10, "starts_at")]
)
def test_outside_its_phase_is_refused_with_the_times_that_fit(
    cast: Any, plan: Any, start: float, end: float, field: str
) -> None:
    operation, visit, _recce, _patrol = plan
    found = problems(lambda: task(operation, cast.owner, "Late", start, end, phase=visit))
    assert list(found) == [field]
    assert "“Visit”" in found[field][0]
    assert f"fits between {moment_text(day(6))} and {moment_text(day(9))}" in found[field][0]


def test_before_what_it_needs_is_refused_with_the_times_that_fit(cast: Any, plan: Any) -> None:
    _operation, _visit, recce, patrol = plan
    call = lambda: move_task(patrol, actor=cast.owner, version=1, starts_at=day(6.5), ends_at=day(7.5))  # noqa: E731
    found = problems(call)
    assert "It needs “Recce”, which ends" in found["starts_at"][0]
    assert moment_text(day(7)) in found["starts_at"][0]
    found = problems(
        lambda: move_task(recce, actor=cast.owner, version=1, starts_at=day(6.5), ends_at=day(7.5))
    )
    assert "“Patrol” needs it" in found["ends_at"][0]
    assert again(recce).starts_at == day(6)


def test_no_time_left_is_said(cast: Any, plan: Any) -> None:
    _operation, _visit, recce, _patrol = plan
    call = lambda: move_task(recce, actor=cast.owner, version=1, starts_at=day(6), ends_at=day(8))  # noqa: E731
    assert "No time is left" in problems(call)["ends_at"][0]


def test_office_that_takes_no_part_is_refused_at_its_field(cast: Any, plan: Any) -> None:
    operation, _visit, recce, _patrol = plan
    found = problems(lambda: task(operation, cast.owner, "Drill", 6, 7, office=cast.sector))
    assert found == {
        "office": [f"{cast.sector} does not take part in this operation. Add it to the participants first."]
    }
    found = problems(
        lambda: task(operation, cast.owner, "Drill", 6, 7, organisation=cast.partner_organisation)
    )
    assert list(found) == ["organisation"]
    assert problems(lambda: change_task(recce, of(recce, office=cast.hq), actor=cast.owner, version=1))


def test_circle_is_refused_with_the_names_on_it(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    talks = task(operation, cast.owner, "Talks", 8, 8.5, needs=(patrol,))
    found = problems(lambda: set_needs(recce, [talks], actor=cast.owner, version=1))
    assert found == {
        "needs": ["These would wait for each other in a circle: “Recce” → “Talks” → “Patrol” → “Recce”."]
    }
    assert (
        "“Recce” → “Recce”"
        in problems(lambda: set_needs(recce, [recce], actor=cast.owner, version=1))["needs"][0]
    )
    assert links(operation) == {("Patrol", "Recce"), ("Talks", "Patrol")}
    set_needs(talks, [recce], actor=cast.owner, version=1)
    assert links(operation) == {("Patrol", "Recce"), ("Talks", "Recce")}


def test_need_of_another_plan_is_refused(cast: Any, plan: Any) -> None:
    _operation, _visit, recce, _patrol = plan
    other = drafted(cast)
    foreign = task(other, cast.owner, "Elsewhere", 1, 2)
    assert list(problems(lambda: set_needs(recce, [foreign], actor=cast.owner, version=1))) == ["needs"]
    theirs = phase(other, cast.owner, "Theirs", 1, 9)
    found = problems(lambda: change_task(recce, of(recce, phase=theirs), actor=cast.owner, version=1))
    assert list(found) == ["phase"]


def test_what_others_need_is_not_removed(cast: Any, plan: Any) -> None:
    operation, visit, recce, patrol = plan
    assert "“Patrol”" in problems(lambda: remove_task(recce, actor=cast.owner, version=1))["version"][0]
    found = problems(lambda: remove_phase(visit, actor=cast.owner, version=1))
    assert found["version"] == ["These tasks lie in it: “Recce”, “Patrol”. Move them to another phase first."]
    remove_task(patrol, actor=cast.owner, version=1)
    remove_task(recce, actor=cast.owner, version=1)
    remove_phase(visit, actor=cast.owner, version=1)
    assert not OperationTask.objects.unscoped(WHY).filter(revision=revision_of(operation)).exists()
    assert not Phase.objects.unscoped(WHY).filter(revision=revision_of(operation)).exists()


def test_several_move_together_or_not_at_all(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    revision = revision_of(operation)
    both = [(recce, 1), (patrol, 1)]
    move_tasks(revision, both, days=1, actor=cast.owner)
    assert (again(recce).starts_at, again(patrol).starts_at) == (day(7), day(8))
    found = problems(lambda: move_tasks(revision, [(recce, 2), (patrol, 2)], days=1, actor=cast.owner))
    assert list(found) == [f"tasks.{patrol.pk}"]
    assert again(recce).starts_at == day(7)
    with pytest.raises(StaleError):
        move_tasks(revision, both, days=-1, actor=cast.owner)
    assert "days" in problems(lambda: move_tasks(revision, [], days=1, actor=cast.owner))
    assert "days" in problems(lambda: move_tasks(revision, [(recce, 2)], days=0, actor=cast.owner))


def test_phase_moves_with_its_tasks_and_shrinks_around_them_only(cast: Any, plan: Any) -> None:
    operation, visit, recce, patrol = plan
    shorter = PhaseInput("Visit", day(6.5), day(7.5))
    found = problems(lambda: change_phase(visit, shorter, actor=cast.owner, version=1))
    assert "“Recce”" in found["starts_at"][0]
    assert "“Patrol”" in found["ends_at"][0]
    after = task(operation, cast.owner, "Minutes", 8, 9, needs=(patrol,))
    found = problems(lambda: move_phase(visit, actor=cast.owner, version=1, days=1))
    assert "“Patrol”" in found["days"][0]
    move_task(after, actor=cast.owner, version=1, starts_at=day(9), ends_at=day(10))
    move_phase(visit, actor=cast.owner, version=1, days=1)
    assert (again(visit).starts_at, again(recce).starts_at, again(patrol).ends_at) == (day(7), day(7), day(9))
    assert again(patrol).version == 2


def test_names_of_phases_differ(cast: Any, plan: Any) -> None:
    operation, visit, _recce, _patrol = plan
    assert "name" in problems(lambda: phase(operation, cast.owner, "visit", 1, 2))
    change_phase(visit, PhaseInput("Visit", day(6), day(10)), actor=cast.owner, version=1)
    found = problems(
        lambda: add_phase(revision_of(operation), PhaseInput("B", day(2), day(1)), actor=cast.owner)
    )
    assert list(found) == ["ends_at"]


def test_order_among_tasks_that_begin_together(cast: Any, plan: Any) -> None:
    operation, _visit, recce, _patrol = plan
    other = task(operation, cast.owner, "Letter", 6, 7)
    rows = OperationTask.objects.unscoped(WHY).filter(revision=revision_of(operation), starts_at=day(6))
    assert [row.title for row in rows] == ["Recce", "Letter"]
    reorder_tasks(revision_of(operation), [(other, 1), (recce, 1)], actor=cast.owner)
    assert [row.title for row in rows.all()] == ["Letter", "Recce"]


def test_newer_version_and_frozen_plan_are_told(cast: Any, plan: Any) -> None:
    operation, _visit, recce, patrol = plan
    change_task(recce, of(recce, title="Other"), actor=cast.owner, version=1)
    with pytest.raises(StaleError) as stale:
        change_task(recce, of(recce), actor=cast.owner, version=1)
    assert any("Other" in line for line in stale.value.changes)
    staffed(cast, operation)
    for call in (
        lambda: change_task(patrol, of(patrol), actor=cast.owner, version=1),
        lambda: remove_task(patrol, actor=cast.owner, version=1),
        lambda: task(operation, cast.owner, "New", 6, 7),
    ):
        with pytest.raises(RefusedError):
            call()


def test_who_does_not_see_the_draft_finds_nothing(cast: Any, plan: Any) -> None:
    operation, _visit, recce, _patrol = plan
    with pytest.raises(type(revision_of(operation)).DoesNotExist):
        task(operation, cast.other_component, "Mine", 6, 7)
    with pytest.raises(type(revision_of(operation)).DoesNotExist):
        remove_task(again(recce), actor=cast.partner, version=1)
