"""Papers of orders: told what the rule says, and nothing else; forgotten rules are caught."""

from __future__ import annotations

import pytest

from operations.reports import order_maker
from tests.leak import papers
from tests.leak.look import SURFACES, look, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.test_planted_defects import Unruled
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db
# Modules in which a hurried change would forget the rule.
FORGOTTEN = [
    ("operations.views.frame", "Operation", "papers of an order"),
    ("operations.api.papers", "Operation", "papers of an order in the API"),
]


@pytest.mark.parametrize("surface", surfaces_of(papers), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells


@pytest.mark.long
@pytest.mark.parametrize(("module", "model", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, module: str, model: str, surface: str
) -> None:
    real = getattr(__import__(module, fromlist=[model]), model)
    monkeypatch.setattr(f"{module}.{model}", Unruled(real))
    faults, _told = look(world, SURFACES[surface], thorough=True, until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")]


@pytest.mark.long
def test_a_paper_that_forgets_its_revision_as_a_source_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = order_maker.Made
    monkeypatch.setattr(
        order_maker, "Made", lambda content, level, sources: real(content, level, list(sources)[:1])
    )
    faults, _told = look(world, SURFACES["orders on paper"], thorough=True, until_fault=True)
    assert any("without reading the revision" in fault for fault in faults)
