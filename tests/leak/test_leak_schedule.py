"""Tasks and time of operations: told what the rule says, and nothing else; forgotten rules are caught."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from operations.schedule import reading
from tests.leak import schedule
from tests.leak.look import SURFACES, look, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.test_planted_defects import Unruled
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db
# Where a hurried change would forget the rule, all at once: one gate that still stands hides the record.
PAGE = (("operations.views.frame", "Operation"), ("operations.reports.plan_book", "PlanRevision"))
API = (("operations.api.schedule", "Operation"), ("operations.api.schedule", "PlanRevision"))
REVISIONS = (("operations.reports.plan_book", "PlanRevision"),)
FORGOTTEN = [
    (PAGE, "tasks and time"),
    (REVISIONS, "tasks and time"),
    (PAGE, "one task"),
    (PAGE, "forms of a schedule"),
    (API, "tasks and time in the API"),
    (API[1:], "tasks and time in the API"),
]
ROWS = ("OperationTask", "Phase", "DecisionPoint", "TaskProgress", "TaskDependency", "Participation")


@pytest.mark.parametrize("surface", surfaces_of(schedule), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells


@pytest.mark.long
@pytest.mark.parametrize(("gates", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, gates: tuple[tuple[str, str], ...], surface: str
) -> None:
    for module, model in gates:
        real = getattr(import_module(module), model)
        monkeypatch.setattr(f"{module}.{model}", Unruled(real))
    # The rows themselves forget it too, as one who widens the page would have them.
    for name in ROWS:
        monkeypatch.setattr(reading, name, Unruled(getattr(reading, name)))
    faults, _told = look(world, SURFACES[surface], thorough=True, until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")], faults


def test_every_word_of_a_plan_is_told_to_somebody(world: LeakWorld) -> None:
    _faults, told = look(world, SURFACES["tasks and time"])
    assert told & {number for number in world.items if _is_task(world, number)}


def _is_task(world: LeakWorld, number: int) -> bool:
    rows: Any = schedule.OperationTask.objects.unscoped("the test looks")
    return bool(rows.filter(title__startswith=schedule_mark(number)).exists())


def schedule_mark(number: int) -> str:
    return f"qzkw{number:03}x"
