"""Pages, lists and what workers deliver, of every noun: told what the rule says, and nothing else."""

from __future__ import annotations

import pytest

from tests.leak.look import delivered, exercise, lists, look, pages, surfaces_of, training
from tests.leak.surfaces import Surface
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "surface", surfaces_of(pages, lists, delivered, training, exercise), ids=lambda surface: surface.name
)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells
