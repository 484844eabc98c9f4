"""Whatever is entered, moved, linked and removed, in whatever order: the plan stays possible."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import InvalidError
from operations.models import OperationTask, Phase
from operations.services.phases import change_phase, move_phase, remove_phase
from operations.services.schedule import add_task, change_task, move_task, move_tasks, remove_task, set_needs
from operations.services.schedule_checks import PhaseInput, TaskInput, load
from tests.operations.schedule_steps import again, day, of, phase
from tests.operations.steps import WHY, drafted, revision_of

pytestmark = pytest.mark.django_db
pick = st.integers(0, 7)
when = st.tuples(st.integers(5, 14), st.integers(1, 3))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), pick, when, st.lists(pick, max_size=2)),
        st.tuples(st.just("move"), pick, when, st.just([])),
        st.tuples(st.just("shift"), pick, when, st.lists(pick, max_size=3)),
        st.tuples(st.just("link"), pick, when, st.lists(pick, max_size=3)),
        st.tuples(st.just("change"), pick, when, st.lists(pick, max_size=2)),
        st.tuples(st.just("remove"), pick, when, st.just([])),
        st.tuples(st.just("phase"), pick, when, st.just([])),
        st.tuples(st.just("phase_move"), pick, when, st.just([])),
        st.tuples(st.just("phase_remove"), pick, when, st.just([])),
    ),
    min_size=4,
    max_size=14,
)


class Planner:
    """Takes the steps; what is refused changes nothing."""

    def __init__(self, cast: Any) -> None:
        self.actor = cast.owner
        self.operation = drafted(cast)
        phase(self.operation, self.actor, "First", 5, 10)
        phase(self.operation, self.actor, "Second", 9, 16)

    def rows(self, model: Any) -> list[Any]:
        found = model.objects.unscoped(WHY).filter(revision=revision_of(self.operation))
        return list(found.select_related("revision").order_by("pk"))

    def at(self, model: Any, number: int) -> Any:
        rows = self.rows(model)
        return rows[number % len(rows)] if rows else None

    def take(self, step: str, number: int, when: tuple[int, int], others: list[int]) -> None:
        start, end = day(when[0]), day(when[0] + when[1])
        needs = [row for other in others if (row := self.at(OperationTask, other))]
        if step == "add":
            data = TaskInput(f"Task {number}", start, end, phase=self.at(Phase, number), needs=tuple(needs))
            add_task(revision_of(self.operation), data, actor=self.actor)
            return
        row = self.at(Phase if step.startswith("phase") else OperationTask, number)
        if row is None:
            return
        own: dict[str, Any] = {"actor": self.actor, "version": row.version}
        days = when[0] - 9
        {
            "move": lambda: move_task(row, starts_at=start, ends_at=end, **own),
            "shift": lambda: move_tasks(
                row.revision, [(one, one.version) for one in {row, *needs}], days=days, actor=self.actor
            ),
            "link": lambda: set_needs(row, needs, **own),
            "change": lambda: change_task(
                row, of(row, starts_at=start, ends_at=end, needs=tuple(needs)), **own
            ),
            "remove": lambda: remove_task(row, **own),
            "phase": lambda: change_phase(row, PhaseInput(row.name, start, end), **own),
            "phase_move": lambda: move_phase(row, days=days, **own),
            "phase_remove": lambda: remove_phase(row, **own),
        }[step]()


def assert_possible(revision: Any) -> None:
    """Told from the rows themselves, without the reckoning that the services use."""
    schedule = load(revision)
    for number, task in schedule.tasks.items():
        assert task.ends_at - task.starts_at >= timedelta(days=1)
        if task.phase is not None:
            assert schedule.phases[task.phase].starts_at <= task.starts_at
            assert task.ends_at <= schedule.phases[task.phase].ends_at
        for need in schedule.needs.get(number, ()):
            # Times that run on can hold no circle either.
            assert schedule.tasks[need].ends_at <= task.starts_at


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_plan_stays_possible(cast: Any, steps: list[Any]) -> None:
    planner = Planner(cast)
    for step in steps:
        before = {row.pk: (row.version, row.starts_at) for row in planner.rows(OperationTask)}
        try:
            planner.take(*step)
        except InvalidError:
            after = {row.pk: (row.version, row.starts_at) for row in planner.rows(OperationTask)}
            assert after == before
        assert_possible(revision_of(planner.operation))


def test_a_forgotten_check_would_be_seen(cast: Any) -> None:
    planner = Planner(cast)
    planner.take("add", 0, (5, 1), [])
    task = planner.at(OperationTask, 0)
    OperationTask.objects.unscoped(WHY).filter(pk=task.pk).update(starts_at=day(1))
    with pytest.raises(AssertionError):
        assert_possible(revision_of(planner.operation))
    assert again(task).starts_at == day(1)
