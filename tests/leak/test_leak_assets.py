"""Assets and bookings: told what the rule says, and nothing else; forgotten rules are caught."""

from __future__ import annotations

from typing import Any

import pytest

from operations.schedule import asset_use
from tests.leak import assets
from tests.leak.look import SURFACES, look, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.test_planted_defects import Unruled
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db
# Modules in which a hurried change would forget the rule.
FORGOTTEN = [
    ("operations.views.asset", "Asset", "assets over time"),
    ("operations.views.asset_time", "Asset", "assets over time"),
    ("operations.views.booking", "Booking", "one booking"),
    ("operations.views.booking", "BookedFor", "one booking"),
    # Of two gates one that still stands hides the booking.
    ("operations.views.operation_assets", "BookedFor Booking", "assets of operations"),
    ("operations.views.operation_assets", "Asset", "assets of operations"),
    ("operations.listings.booking", "BookedFor", "bookings"),
]


@pytest.mark.parametrize("surface", surfaces_of(assets), ids=lambda surface: surface.name)
def test_surface_tells_each_reader_what_the_rule_says(
    world: LeakWorld, surface: Surface, thorough: bool
) -> None:
    faults, told = look(world, surface, thorough=thorough)
    assert faults == []
    assert bool(told) == surface.tells


def forget(monkeypatch: pytest.MonkeyPatch, module: str, model: str) -> None:
    for name in model.split():
        real: Any = getattr(__import__(module, fromlist=[name]), name)
        monkeypatch.setattr(f"{module}.{name}", Unruled(real))


@pytest.mark.long
@pytest.mark.parametrize(("module", "model", "surface"), FORGOTTEN)
def test_a_forgotten_rule_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch, module: str, model: str, surface: str
) -> None:
    forget(monkeypatch, module, model)
    faults, _told = look(world, SURFACES[surface], thorough=True, until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")]


def test_calendar_that_names_every_operation_is_caught(
    world: LeakWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(monkeypatch, asset_use.__name__, "BookedFor")
    faults, _told = look(world, SURFACES["one record"], thorough=True, until_fault=True)
    assert [fault for fault in faults if not fault.endswith(": 500")]
