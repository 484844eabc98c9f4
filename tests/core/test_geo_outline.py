"""Outlines: smaller, still fitting together, never lost."""

import math
import random
from typing import Any

import pytest
import shapely

from cimic_portal.core.geo.boundary import checked_geometry, shape_of
from cimic_portal.core.geo.outline import outlines
from cimic_portal.core.geo.picture import Frame, around_all


def coast(rng: random.Random, west: float, east: float, north: float) -> list[tuple[float, float]]:
    """A ragged line from west to east."""
    steps = 400
    return [
        (west + (east - west) * n / steps, north + rng.uniform(-0.02, 0.02) * (0 < n < steps))
        for n in range(steps + 1)
    ]


@pytest.fixture
def provinces() -> list[Any]:
    """Three stacked provinces with ragged borders; the upper two leave a sliver between them."""
    rng = random.Random(7)
    lines = [coast(rng, 0, 10, north) for north in (0, 4, 8, 12)]
    apart = [lines[2][0], *((lon, lat + 0.001) for lon, lat in lines[2][1:-1]), lines[2][-1]]
    edges = [(lines[0], lines[1]), (lines[1], lines[2]), (apart, lines[3])]
    return [shapely.Polygon([*low, *reversed(high)]) for low, high in edges]


def read(outline: dict[str, Any]) -> Any:
    return shape_of(checked_geometry(outline))


def points(geometry: Any) -> int:
    return int(shapely.get_num_coordinates(geometry))


def test_outlines_are_small_and_true(provinces: list[Any]) -> None:
    drawn = [read(outline) for outline in outlines(provinces)]
    for exact, simple in zip(provinces, drawn, strict=True):
        assert points(simple) < points(exact) / 2
        assert exact.symmetric_difference(simple).area < exact.area * 0.01


def test_neighbours_share_their_border(provinces: list[Any]) -> None:
    drawn = [read(outline) for outline in outlines(provinces)]
    assert shapely.coverage_is_valid(drawn)
    assert len(shapely.get_parts(shapely.union_all(drawn))) == 1


def test_the_same_areas_give_the_same_outlines(provinces: list[Any]) -> None:
    assert outlines(provinces) == outlines(provinces)


def test_a_small_capital_keeps_its_form(provinces: list[Any]) -> None:
    # Bays and capes: a coarse outline would cut across both.
    turns = [(math.tau * n / 64, 0.03 + 0.02 * math.cos(math.tau * n * 3 / 64)) for n in range(64)]
    capital = shapely.Polygon(
        [(5 + size * math.cos(turn), 2 + size * math.sin(turn)) for turn, size in turns]
    )
    around = [shapely.difference(provinces[0], capital), *provinces[1:]]
    all_drawn = [read(outline) for outline in outlines([*around, capital])]
    drawn = all_drawn[-1]
    assert drawn.intersection(capital).area / drawn.union(capital).area > 0.9
    assert points(drawn) > 8
    # The province around it closes up to its border.
    assert shapely.coverage_is_valid(all_drawn)
    assert len(shapely.union_all(all_drawn).interiors) == 0


def test_an_area_drawn_twice_keeps_an_outline(provinces: list[Any]) -> None:
    drawn = [read(outline) for outline in outlines([provinces[0], provinces[0]])]
    assert all(shape.area == pytest.approx(provinces[0].area, rel=0.02) for shape in drawn)


def test_a_tiny_area_alone_keeps_its_digits() -> None:
    islet = shapely.Point(18.55, 4.36).buffer(0.0001)
    (outline,) = outlines([islet])
    assert read(outline).area == pytest.approx(islet.area, rel=0.1)


def test_islands_and_holes_stay() -> None:
    lake = shapely.Polygon(shapely.box(0, 0, 4, 4).exterior.coords, [shapely.box(1, 1, 2, 2).exterior.coords])
    (outline,) = outlines([shapely.MultiPolygon([lake, shapely.box(6, 6, 7, 7)])])
    assert outline["type"] == "MultiPolygon"
    assert read(outline).area == pytest.approx(16, rel=0.01)


def test_nothing_has_no_outlines() -> None:
    assert outlines([]) == []


def test_frame_shows_the_box_in_its_middle_north_up() -> None:
    frame = Frame.around((14.4, 2.2, 27.5, 11.0))
    left, bottom = frame.point(14.4, 2.2)
    right, top = frame.point(27.5, 11.0)
    assert 0 < left < right < frame.width
    assert 0 < top < bottom < frame.height
    assert left == pytest.approx(frame.width - right, abs=0.5)
    assert top == pytest.approx(frame.height - bottom, abs=0.5)
    west, south, east, north = frame.box
    assert (west, south) < (14.4, 2.2)
    assert (east, north) > (27.5, 11.0)


@pytest.mark.parametrize("latitude", [0.0, 45.0, 75.0])
def test_frame_keeps_shapes_true_at_any_latitude(latitude: float) -> None:
    wide = 1 / math.cos(math.radians(latitude))
    frame = Frame.around((10, latitude - 0.5, 10 + wide, latitude + 0.5))
    left, bottom = frame.point(10, latitude - 0.5)
    right, top = frame.point(10 + wide, latitude + 0.5)
    assert right - left == pytest.approx(bottom - top, rel=0.02)


def test_frame_of_a_single_point_is_drawn() -> None:
    frame = Frame.around((18.55, 4.36, 18.55, 4.36))
    x, y = frame.point(18.55, 4.36)
    assert (x, y) == (pytest.approx(frame.width / 2), pytest.approx(frame.height / 2))


def test_path_draws_every_ring_closed() -> None:
    square = {
        "type": "Polygon",
        "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]], [[0.5, 0.2], [0.6, 0.2], [0.6, 0.3], [0.5, 0.2]]],
    }
    path = Frame.around((0, 0, 1, 1)).path(square)
    assert path.count("M") == path.count("Z") == 2
    both = {"type": "MultiPolygon", "coordinates": [square["coordinates"], square["coordinates"]]}
    assert Frame.around((0, 0, 1, 1)).path(both) == path * 2


def test_box_around_several_holds_each() -> None:
    assert around_all([(0, 0, 1, 1), (-2, 0.5, 0.5, 3)]) == (-2, 0, 1, 3)
    assert around_all([]) is None
