"""Several people change one plan at the same moment, each over a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cimic_portal.core.errors import InvalidError, StaleError
from operations.models import OperationTask, TaskProgress
from operations.services import schedule_checks
from operations.services.progress import ProgressInput, report_progress
from operations.services.schedule import add_task, move_task, set_needs
from operations.services.schedule_checks import TaskInput
from operations.services.staffing import approve_operation
from tests.factories.cast import make_cast
from tests.operations.schedule_steps import again, day, links, task
from tests.operations.steps import WHY, answered, drafted, revision_of, staffed
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Any:
    return make_cast()


def together(monkeypatch: Any, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """The first stops while it holds the plan, until the database says that the second waits for it."""
    step, real = Step(), schedule_checks.load
    held = []

    def load(revision: Any) -> Any:
        found = real(revision)
        if not held:
            held.append(True)
            step.here()
        return found

    monkeypatch.setattr(schedule_checks, "load", load)
    with AtOnce() as at_once:
        at_once.start(first)
        step.wait()
        at_once.start(second)
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        return at_once.outcomes()


def test_two_links_never_make_a_circle(cast: Any, monkeypatch: Any) -> None:
    operation = drafted(cast)
    first, second = (task(operation, cast.owner, name, 6, 7) for name in ("A", "B"))
    # Without times that would forbid it: both lie apart once the other is moved.
    second = move_task(again(second), actor=cast.owner, version=1, starts_at=day(7), ends_at=day(8))
    won, told = together(
        monkeypatch,
        lambda: set_needs(again(second), [again(first)], actor=cast.owner, version=2),
        lambda: set_needs(again(first), [again(second)], actor=cast.colleague, version=1),
    )
    assert won.title == "B"
    assert isinstance(told, InvalidError)
    assert "“A” → “B” → “A”" in told.message
    assert links(operation) == {("B", "A")}


def test_a_move_and_a_link_do_not_pass_each_other(cast: Any, monkeypatch: Any) -> None:
    operation = drafted(cast)
    first = task(operation, cast.owner, "A", 6, 7)
    second = task(operation, cast.owner, "B", 7, 8)
    _won, told = together(
        monkeypatch,
        lambda: set_needs(again(second), [again(first)], actor=cast.owner, version=1),
        lambda: move_task(again(first), actor=cast.colleague, version=1, starts_at=day(7), ends_at=day(8)),
    )
    assert isinstance(told, InvalidError)
    assert again(first).ends_at == day(7)


def test_same_task_moved_twice_is_moved_once(cast: Any, monkeypatch: Any) -> None:
    operation = drafted(cast)
    one = task(operation, cast.owner, "A", 6, 7)
    won, told = together(
        monkeypatch,
        lambda: move_task(again(one), actor=cast.owner, version=1, starts_at=day(7), ends_at=day(8)),
        lambda: move_task(again(one), actor=cast.colleague, version=1, starts_at=day(8), ends_at=day(9)),
    )
    assert isinstance(told, StaleError)
    assert (again(one).starts_at, again(one).version) == (won.starts_at, 2)


def test_many_add_at_once_and_nothing_is_lost_or_doubled(cast: Any) -> None:
    operation = drafted(cast)
    revision = revision_of(operation)
    with AtOnce() as at_once:
        for number in range(12):
            actor = (cast.owner, cast.colleague, cast.head)[number % 3]
            data = TaskInput(f"Task {number}", day(6), day(7))
            at_once.start(lambda data=data, actor=actor: add_task(revision, data, actor=actor))
        outcomes = at_once.outcomes()
    assert all(isinstance(made, OperationTask) for made in outcomes)
    titles = OperationTask.objects.unscoped(WHY).filter(revision=revision).values_list("title", flat=True)
    assert sorted(titles) == sorted(f"Task {number}" for number in range(12))


def test_two_first_reports_are_one_and_a_refusal(cast: Any) -> None:
    operation = drafted(cast)
    one = task(operation, cast.owner, "A", 6, 7, office=cast.team)
    operation = staffed(cast, operation)
    answered(cast, operation, cast.other_component, "concurs")
    answered(cast, operation, cast.partner, "concurs")
    approve_operation(operation, actor=cast.head_above, version=operation.version)
    with AtOnce() as at_once:
        for percent in (10, 20, 30):
            data = ProgressInput("in_progress", percent)
            at_once.start(lambda data=data: report_progress(again(one), data, actor=cast.owner, version=0))
        outcomes = at_once.outcomes()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "StaleError",
        "StaleError",
        "TaskProgress",
    ]
    assert TaskProgress.objects.unscoped(WHY).get().version == 1
