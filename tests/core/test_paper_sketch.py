"""The sketch map: degrees to millimetres, circles that do not cover each other."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimic_portal.core.paper.sketch import KM_PER_DEGREE, RADIUS, Outline, Spot, rings_of, sketch

SQUARE = Outline("Ouham", [[(17.0, 6.0), (19.0, 6.0), (19.0, 8.0), (17.0, 8.0), (17.0, 6.0)]])

degrees = st.tuples(
    st.floats(-179, 179, allow_nan=False).map(lambda lon: round(lon, 5)),
    st.floats(-80, 80, allow_nan=False).map(lambda lat: round(lat, 5)),
)


def draw(outlines, spots=(), width=100.0, most_height=80.0):
    return sketch(outlines, spots, width=width, most_height=most_height)


def test_without_a_boundary_there_is_no_sketch():
    assert draw([], [Spot("1", 18, 7)]) is None
    assert draw([Outline("No boundary", [])], [Spot("1", 18, 7)]) is None


@given(st.lists(degrees, min_size=3, max_size=12, unique=True), st.lists(degrees, max_size=30))
@settings(max_examples=80, deadline=None)
def test_everything_lies_inside_the_sketch(ring, places):
    drawn = draw([Outline("A", [ring])], [Spot(str(number), *at) for number, at in enumerate(places, 1)])
    assert drawn.width == 100
    assert 0 < drawn.height <= 80
    inside = [
        *(point for area in drawn.areas for ring in area.rings for point in ring),
        *(spot.at for spot in drawn.spots),
        *(spot.mark for spot in drawn.spots),
    ]
    assert all(-0.01 <= x <= drawn.width + 0.01 and -0.01 <= y <= drawn.height + 0.01 for x, y in inside)


@given(st.lists(st.tuples(st.floats(17, 19), st.floats(6, 8)), min_size=2, max_size=25))
@settings(max_examples=60, deadline=None)
def test_circles_do_not_cover_each_other(places):
    drawn = draw([SQUARE], [Spot(str(n), *at) for n, at in enumerate(places, 1)], width=176, most_height=105)
    marks = [spot.mark for spot in drawn.spots]
    for number, first in enumerate(marks):
        for second in marks[number + 1 :]:
            assert math.dist(first, second) > 1.7 * RADIUS


def test_a_circle_alone_stays_on_its_place():
    (spot,) = draw([SQUARE], [Spot("1", 18, 7)]).spots
    assert (spot.at, spot.mark, spot.moved) == ((50, 40), (50, 40), False)


def test_places_at_one_point_fan_out_and_keep_their_point():
    spots = draw([SQUARE], [Spot(str(number), 18, 7) for number in range(6)]).spots
    assert {spot.at for spot in spots} == {(50, 40)}
    assert len({spot.mark for spot in spots}) == 6


def test_small_dots_are_never_moved():
    spots = draw([SQUARE], [Spot("", 18, 7), Spot("", 18, 7), Spot("1", 18, 7)]).spots
    assert not any(spot.moved for spot in spots)


def test_north_is_up_and_east_is_right():
    south, north, east = draw([SQUARE], [Spot("1", 18, 6.2), Spot("2", 18, 7.8), Spot("3", 18.8, 6.2)]).spots
    assert north.at[1] < south.at[1]
    assert east.at[0] > south.at[0]


@pytest.mark.parametrize("latitude", [0.0, 45.0, -60.0])
def test_the_scale_holds_both_ways(latitude):
    south, north = latitude - 1, latitude + 1
    area = Outline("A", [[(10, south), (14, south), (14, north), (10, north)]])
    drawn = draw([area], [Spot("1", 11, latitude), Spot("2", 12, latitude), Spot("3", 11, latitude + 0.5)])
    km_per_mm = drawn.scale_km / drawn.scale_mm
    first, east, up = (spot.at for spot in drawn.spots)
    wide = KM_PER_DEGREE * math.cos(math.radians(latitude))
    assert math.dist(first, east) * km_per_mm == pytest.approx(wide, rel=0.03)
    assert math.dist(first, up) * km_per_mm == pytest.approx(KM_PER_DEGREE / 2, rel=0.03)
    assert drawn.scale_mm <= 25.01
    assert str(drawn.scale_km).strip("0.") in ("1", "2", "5")


def test_an_area_on_the_date_line_is_not_torn_around_the_world():
    area = Outline("Fiji", [[(177.0, -19.0), (-179.0, -19.0), (-179.0, -16.0), (177.0, -16.0)]])
    drawn = draw([area], [Spot("1", 179.5, -17), Spot("2", -179.5, -17)])
    west, east = (spot.at for spot in drawn.spots)
    assert 0 < east[0] - west[0] < 30


def test_own_areas_set_the_extent_and_are_drawn_last():
    far = Outline("Far", [[(30.0, 6.0), (40.0, 6.0), (40.0, 16.0)]], own=False)
    drawn = draw([SQUARE, far], [Spot("1", 17.5, 6.5)])
    alone = draw([SQUARE], [Spot("1", 17.5, 6.5)])
    assert [area.name for area in drawn.areas] == ["Far", "Ouham"]
    assert drawn.spots == alone.spots


def test_points_too_near_to_tell_apart_are_left_out():
    circle = [
        (18 + math.cos(step / 5000 * math.tau), 7 + math.sin(step / 5000 * math.tau)) for step in range(5000)
    ]
    ring = draw([Outline("A", [circle])]).areas[0].rings[0]
    assert 500 < len(ring) < 1000


def test_a_name_makes_room_for_a_circle_and_small_areas_have_none():
    assert draw([SQUARE]).areas[0].name_at == (50, 40)
    assert draw([SQUARE], [Spot("1", 18, 7)]).areas[0].name_at == (50, 45)
    speck = Outline("Speck", [[(18.0, 7.0), (18.01, 7.0), (18.0, 7.01)]])
    assert draw([SQUARE, speck]).areas[1].name_at is None


def test_a_place_alone_makes_a_window_of_some_kilometres():
    point = Outline("Point", [[(18.0, 7.0), (18.0, 7.0), (18.0, 7.0)]])
    drawn = draw([point], [Spot("1", 18.0, 7.0)])
    assert drawn.scale_km == 1
    assert drawn.areas[0].rings == []


def test_rings_are_read_from_geojson():
    ring = [[1.0, 2.0], [3.0, 4.0, 99.0], [5.0, 6.0]]
    plain = [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]
    assert rings_of({"type": "Polygon", "coordinates": [ring, ring]}) == [plain, plain]
    assert rings_of({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}) == [plain, plain]
    assert rings_of({"type": "Point", "coordinates": [1, 2]}) == []
    assert rings_of(None) == []
