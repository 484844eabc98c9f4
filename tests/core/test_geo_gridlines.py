"""Lines of the military grid on a map: where the grid's own library puts them."""

import pytest

from cimic_portal.core.geo.grid import to_mgrs
from cimic_portal.core.geo.gridlines import grid_at, grid_lines, grid_squares, grid_step
from cimic_portal.core.paper.sketch import Outline, Spot, sketch

CARANA = (2.2, 5.8, 2.9, 6.4)


def figures(at, *, north):
    """The five digits of easting or northing, as the library names them."""
    return to_mgrs(at[1], at[0], 5).split()[-2 if north else -1]


@pytest.mark.parametrize("window", [CARANA, (16.0, -1.0, 18.5, 1.5), (-70.2, -33.9, -69.4, -33.1)])
def test_every_point_of_a_line_has_its_figures(window):
    lines = grid_lines(*window)
    assert {line.north for line in lines} == {True, False}
    for line in lines:
        for lon, lat in line.points[1:-1]:
            metres = int(figures((lon, lat), north=line.north))
            # Within a few metres of a whole kilometre, on either side.
            assert min(metres % 1000, -metres % 1000) <= 15
            assert f"{round(metres / 1000) % 100:02}" == line.label


def test_the_window_holds_a_handful_of_lines():
    for size in (0.02, 0.1, 0.5, 1.9):
        window = (10.0, 5.0, 10.0 + size, 5.0 + size)
        assert 1 <= sum(not line.north for line in grid_lines(*window)) <= 9
        assert grid_step(*window) in (1, 2, 5, 10, 20, 50, 100)


def test_lines_end_at_the_border_of_a_zone():
    west, east = (5.5, 6.5)
    for line in grid_lines(west, 4.0, east, 4.8):
        lons = [lon for lon, _lat in line.points]
        assert max(lons) <= 6 + 1e-9 or min(lons) >= 6 - 1e-9


def test_squares_are_named_where_they_are_seen():
    names = {square.name for square in grid_squares(*CARANA)}
    assert names
    for square in grid_squares(*CARANA):
        assert to_mgrs(square.at[1], square.at[0], 0) == square.name


def test_there_is_no_grid_on_half_a_globe_nor_at_the_poles():
    assert grid_lines(-40, -40, 40, 40) == grid_squares(-40, -40, 40, 40) == []
    assert grid_at(89, 0) == ""
    assert grid_lines(0, 85, 1, 86) == []


def test_lines_go_on_across_the_date_line():
    lines = grid_lines(179.0, -18.0, 181.0, -16.5)
    assert max(lon for line in lines for lon, _lat in line.points) > 180


def test_a_sketch_with_the_grid_needs_no_boundary():
    spots = [Spot("1", 2.4, 6.0), Spot("2", 2.6, 6.1)]
    assert sketch([], spots, width=176, most_height=175) is None
    drawn = sketch([], spots, width=176, most_height=175, grid=True)
    assert drawn.grid.lines
    assert all(drawn.grid.corners)
    for _label, _north, points in drawn.grid.lines:
        assert all(-0.01 <= x <= drawn.width + 0.01 and -0.01 <= y <= drawn.height + 0.01 for x, y in points)


def test_without_being_asked_there_is_no_grid():
    area = Outline("A", [[(2.0, 6.0), (3.0, 6.0), (3.0, 7.0), (2.0, 6.0)]])
    assert sketch([area], [], width=100, most_height=100).grid is None
