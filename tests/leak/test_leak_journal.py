"""The surfaces of execution: told what the rule says, and nothing else; a forgotten rule is caught."""

from __future__ import annotations

import pytest

from tests.leak import journal
from tests.leak.look import SURFACES, look, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.test_planted_defects import Unruled
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db
# Modules in which a hurried change would forget the rule.
FORGOTTEN = [
    ("operations.views.frame", "Operation", "journal of an operation"),
    ("operations.api.parts", "Operation", "journal in the API"),
    ("operations.reports.operation_sitrep", "Operation", "SITREP of an operation"),
]


@pytest.mark.parametrize("surface", surfaces_of(journal), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) or not surface.tells


@pytest.mark.long
@pytest.mark.parametrize(("module", "model", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, module: str, model: str, surface: str
) -> None:
    real = getattr(__import__(module, fromlist=[model]), model)
    monkeypatch.setattr(f"{module}.{model}", Unruled(real))
    faults, _told = look(world, SURFACES[surface], thorough=True, until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")]
