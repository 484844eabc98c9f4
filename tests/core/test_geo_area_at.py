"""Which area a point lies in."""

import pytest

from cimic_portal.core.geo.boundary import digest_of
from cimic_portal.core.models import Area, AreaBoundary, Place, PlaceKind, area_at, areas_at

pytestmark = pytest.mark.django_db


def square(west: float, south: float, size: float) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_area(pcode: str, parent: Area | None = None, geometry: dict[str, object] | None = None) -> Area:
    area = Area.objects.create(
        pcode=pcode, name=pcode.title(), level=parent.level + 1 if parent else 0, parent=parent, country="XC"
    )
    if geometry:
        set_boundary(area, geometry)
    return area


def set_boundary(area: Area, geometry: dict[str, object]) -> None:
    west, south = geometry["coordinates"][0][0]
    east, north = geometry["coordinates"][0][2]
    AreaBoundary.objects.update_or_create(
        area=area,
        defaults={
            "geometry": geometry,
            "outline": geometry,
            "digest": digest_of(geometry),
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        },
    )


@pytest.fixture
def country() -> Area:
    return make_area("XC", geometry=square(0, 0, 10))


def test_deepest_area_wins(country: Area) -> None:
    province = make_area("XC1", country, square(0, 0, 5))
    district = make_area("XC11", province, square(0, 0, 2))
    assert area_at(1, 1) == district
    assert area_at("3.5", "3.5") == province
    assert area_at(7, 7) == country
    assert area_at(11, 11) is None


def test_on_a_border_the_lower_code_has_the_point(country: Area) -> None:
    make_area("XC2", country, square(0, 0, 5))
    make_area("XC1", country, square(5, 0, 5))
    assert str(area_at(2, 5)) == "Xc1"
    assert str(area_at(2, 4.999999)) == "Xc2"
    assert str(area_at(0, 0)) == "Xc2"


def test_a_box_that_holds_the_point_is_not_enough(country: Area) -> None:
    triangle = {"type": "Polygon", "coordinates": [[[0, 0], [5, 0], [5, 5], [0, 0]]]}
    make_area("XC1", country, triangle)
    assert area_at(1, 4).pcode == "XC1"
    assert area_at(4, 1) == country


def test_a_changed_boundary_counts_at_once(country: Area) -> None:
    province = make_area("XC1", country, square(0, 0, 5))
    assert area_at(4, 1) == province
    # The box stays, so that only the shape itself can tell.
    set_boundary(province, {"type": "Polygon", "coordinates": [[[0, 0], [5, 0], [5, 5], [0, 0]]]})
    assert area_at(4, 1) == country


def test_many_points_take_one_query(country: Area, django_assert_num_queries: object) -> None:
    for n in range(5):
        make_area(f"XC{n}", country, square(n * 2, 0, 2))
    points = [(1, 0.1 + n * 0.0999) for n in range(100)]
    areas_at(points)
    with django_assert_num_queries(1):
        found = areas_at(points)
        assert [area.pcode for area in found[::20]] == ["XC0", "XC1", "XC2", "XC3", "XC4"]


def test_no_points_no_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        assert areas_at([]) == []


def test_the_tree_is_walked_in_one_query(country: Area, django_assert_num_queries: object) -> None:
    province = make_area("XC1", country)
    district = make_area("XC11", province)
    make_area("XC2", country)
    with django_assert_num_queries(1):
        assert [area.pcode for area in district.ancestors()] == ["XC", "XC1"]
    with django_assert_num_queries(1):
        assert [area.pcode for area in country.descendants()] == ["XC1", "XC11", "XC2"]
    assert list(district.descendants()) == []
    assert list(country.ancestors()) == []


def test_saving_a_place_finds_its_area(country: Area) -> None:
    province = make_area("XC1", country, square(0, 0, 5))
    place = Place.objects.create(name="Dessa", kind=PlaceKind.SETTLEMENT, latitude="4.36", longitude="4.55")
    assert place.area == province
    place.latitude = "7.5"
    place.save(update_fields=["latitude"])
    place.refresh_from_db()
    assert place.area == country
    assert place.position.grid(2) == "31N FJ 71 29"
