"""A broken glass opens the page of the glass, and nothing else: every other surface tells as before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cimic_portal.core.models import BrokenGlass
from cimic_portal.core.sharing.records import SharedRecord
from tests.leak.look import SURFACES, lists, pages, surfaces_of
from tests.leak.surfaces import Surface
from tests.leak.visitor import Visitor
from tests.leak.world import LeakWorld, found_in

pytestmark = pytest.mark.django_db
# Each asks in its own way: pages, lists, counts, the admin, the API, what workers deliver.
OTHERS = [surface for name, surface in SURFACES.items() if name != "broken glass"]


def break_all(world: LeakWorld) -> list[SharedRecord]:
    """The administrator breaks the glass of everything that they may not see."""
    now, who = timezone.now(), world.cast.auditor
    hidden = [record for record in world.number_of if not world.sees(who, record)]
    BrokenGlass.objects.bulk_create(
        BrokenGlass(
            person=who,
            record_model=record._meta.label,
            record_id=record.pk,
            reference=record.reference,
            reason="Leak test",
            since=now,
            until=now + timedelta(minutes=30),
        )
        for record in hidden
    )
    return hidden


def test_page_of_the_glass_tells_its_record_and_no_other(world: LeakWorld) -> None:
    hidden = break_all(world)
    visitor = Visitor(world, "auditor")
    assert len({record._meta.label for record in hidden}) > 5
    told_something = 0
    for record in hidden:
        answer = visitor.client.get(f"/admin/glass/{record.reference}/")
        assert answer.status_code == 200
        told = found_in(answer.content.decode()) - world.may_be_told(visitor.person)
        assert told <= {world.number_of[record]}, record
        told_something += bool(told)
    assert told_something > len(hidden) / 2


@pytest.mark.long
@pytest.mark.parametrize("surface", OTHERS, ids=lambda surface: surface.name)
def test_no_other_surface_tells_more(world: LeakWorld, surface: Surface) -> None:
    break_all(world)
    visitor = Visitor(world, "auditor", surface.name, thorough=True)
    surface.look(visitor)
    assert visitor.faults == []


def test_pages_lists_and_the_administration_tell_no_more(world: LeakWorld) -> None:
    break_all(world)
    for surface in [*surfaces_of(pages, lists)[::3], SURFACES["administration"]]:
        visitor = Visitor(world, "auditor", surface.name)
        surface.look(visitor)
        assert visitor.faults == [], surface.name
