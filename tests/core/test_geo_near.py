"""What lies near a point: by distance over the ground, across the date line and at the poles too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cimic_portal.core.geo.near import near
from cimic_portal.core.models import Place
from tests.factories.core import PlaceFactory

pytestmark = pytest.mark.django_db


def found(lat: str, lon: str, kilometres: float) -> dict[str, float]:
    rows = near(Place.objects.all(), Decimal(lat), Decimal(lon), kilometres)
    return {place.name: round(place.distance_km, 1) for place in rows}  # type: ignore[attr-defined]


def test_nearest_first_and_nothing_beyond() -> None:
    for name, lat, lon in (("Far", "4.500000", "18.550000"), ("Near", "4.361000", "18.550000")):
        PlaceFactory(name=name, latitude=lat, longitude=lon)
    PlaceFactory(name="Here")
    assert list(found("4.36", "18.55", 16).items()) == [("Here", 0.0), ("Near", 0.1), ("Far", 15.6)]
    assert set(found("4.36", "18.55", 15.5)) == {"Here", "Near"}


def test_corner_of_the_box_is_not_near() -> None:
    """A square of 10 km reaches 14 km at its corners."""
    PlaceFactory(name="Corner", latitude="4.440000", longitude="18.630000")
    assert found("4.36", "18.55", 10) == {}
    assert found("4.36", "18.55", 13) == {"Corner": 12.6}


@pytest.mark.parametrize(
    ("place", "point", "distance"),
    [
        (("10.000000", "-179.990000"), ("10", "179.99"), 2.2),
        (("89.990000", "170.000000"), ("89.99", "-10"), 2.2),
        (("-89.990000", "0.000000"), ("-90", "90"), 1.1),
        (("60.000000", "18.640000"), ("60", "18.55"), 5.0),
    ],
)
def test_where_degrees_are_narrow_or_the_map_ends(
    place: tuple[str, str], point: tuple[str, str], distance: float
) -> None:
    PlaceFactory(name="There", latitude=place[0], longitude=place[1])
    assert found(*point, 6) == {"There": distance}
