"""Plans, schedules, journals, papers, reviews and assets: told what the rule says, and nothing else."""

from __future__ import annotations

import pytest

from operations.models import OperationTask
from tests.leak.look import assets, journal, look, operations_plan, papers, review, schedule, surfaces_of
from tests.leak.surfaces import SURFACES, Surface
from tests.leak.world import LeakWorld, mark
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db
OF_OPERATIONS = surfaces_of(assets, journal, operations_plan, papers, review, schedule)


@pytest.mark.parametrize("surface", OF_OPERATIONS, ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells


def test_every_word_of_a_plan_is_told_to_somebody(world: LeakWorld) -> None:
    _faults, told = look(world, SURFACES["tasks and time"])
    assert any(
        OperationTask.objects.unscoped(WHY).filter(title__startswith=mark(number)).exists() for number in told
    )
