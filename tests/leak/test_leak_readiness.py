"""Readiness: told what the rule says, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.leak.look import first_fault, look, readiness, surfaces_of
from tests.leak.surfaces import SURFACES, Surface
from tests.leak.world import LeakWorld
from tests.support.facts import WHY
from training.models import TrainingRecord
from training.querysets.record import TrainingRecordQuerySet

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("surface", surfaces_of(readiness), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells


def test_a_sum_over_everybody_would_be_found(world: LeakWorld, monkeypatch: Any) -> None:
    """The mistake that a hurried change would make: people are read without the rule."""
    right = TrainingRecordQuerySet.visible_to

    def everybody(self: Any, person: Any) -> Any:
        from inspect import stack

        if any(frame.filename.endswith("readiness/people.py") for frame in stack()[1:3]):
            return self.unscoped(WHY)
        return right(self, person)

    monkeypatch.setattr(TrainingRecordQuerySet, "visible_to", everybody, raising=False)
    rows = TrainingRecord.objects
    assert rows.visible_to(world.cast.partner).count() < rows.unscoped(WHY).count()
    assert "whose record is hidden" in first_fault(world, SURFACES["readiness of offices"])
