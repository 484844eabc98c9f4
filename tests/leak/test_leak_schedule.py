"""Tasks and time of operations: told what the rule says, and nothing else; forgotten rules are caught."""

from __future__ import annotations

from typing import Any

import pytest

from operations.schedule import reading
from tests.leak import schedule
from tests.leak.look import SURFACES, look, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.test_planted_defects import Unruled
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db
# Modules in which a hurried change would forget the rule.
FORGOTTEN = [
    ("operations.views.frame", "Operation", "tasks and time"),
    ("operations.views.frame", "PlanRevision", "tasks and time"),
    ("operations.views.frame", "Operation", "one task"),
    ("operations.views.frame", "Operation", "forms of a schedule"),
    ("operations.api.schedule", "Operation", "tasks and time in the API"),
    ("operations.api.schedule", "PlanRevision", "tasks and time in the API"),
]


@pytest.mark.parametrize("surface", surfaces_of(schedule), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(world: LeakWorld, surface: Surface) -> None:
    faults, told = look(world, surface)
    assert faults == []
    assert bool(told) == surface.tells


@pytest.mark.long
@pytest.mark.parametrize(("module", "model", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, module: str, model: str, surface: str
) -> None:
    real = getattr(__import__(module, fromlist=[model]), model)
    monkeypatch.setattr(f"{module}.{model}", Unruled(real))
    # The rows themselves forget it too, as one who widens the page would have them.
    for name in ("OperationTask", "Phase", "DecisionPoint", "TaskProgress", "TaskDependency"):
        monkeypatch.setattr(reading, name, Unruled(getattr(reading, name)))
    faults, _told = look(world, SURFACES[surface], until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")]


def test_every_word_of_a_plan_is_told_to_somebody(world: LeakWorld) -> None:
    _faults, told = look(world, SURFACES["tasks and time"])
    assert told & {number for number in world.items if _is_task(world, number)}


def _is_task(world: LeakWorld, number: int) -> bool:
    rows: Any = schedule.OperationTask.objects.unscoped("the test looks")
    return bool(rows.filter(title__startswith=schedule_mark(number)).exists())


def schedule_mark(number: int) -> str:
    return f"qzkw{number:03}x"
