"""The leak tests leave nothing out: neither people nor records, nor a route of the portal."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import path

from tests.leak.look import PEOPLE, SURFACES
from tests.leak.surfaces import TELLS_NO_RECORD, admin_routes, routes
from tests.leak.world import LeakWorld

pytestmark = pytest.mark.django_db


def test_world_is_as_large_as_it_should_be(world: LeakWorld) -> None:
    assert len(PEOPLE) == 12
    assert len(world.number_of) == 90
    shares = [len(world.may_be_told(person)) / len(world.items) for person in world.cast.everyone().values()]
    assert min(shares) == 0
    assert max(shares) > 0.4
    assert sum(0.05 < share < 0.95 for share in shares) >= 9


def test_every_route_is_on_the_list_of_a_surface() -> None:
    listed = {name for surface in SURFACES.values() for name in surface.routes} | set(admin_routes())
    assert unlisted(routes(), listed) == set()
    assert listed - set(routes()) == set()


def test_a_route_on_no_list_is_found() -> None:
    planted = routes([path("planted/", HttpResponse, name="planted")])
    assert unlisted(planted, set(TELLS_NO_RECORD)) == {"planted"}


def unlisted(known: dict[str, object], listed: set[str]) -> set[str]:
    return set(known) - listed
