"""The military grid on a sketch map, in millimetres."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cimic_portal.core.geo.gridlines import LonLat, grid_at, grid_lines, grid_squares, grid_step

XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DrawnGrid:
    """The lines of the military grid: for each its label, whether it runs north, and its points.

    `corners`: the references of the lower left and the upper right corner; empty near the poles.
    """

    step_km: int
    corners: tuple[str, str]
    lines: list[tuple[str, bool, list[XY]]]
    squares: list[tuple[str, XY]]


def drawn_grid(window: tuple[float, float, float, float], place: Callable[[LonLat], XY]) -> DrawnGrid:
    """The grid in a window of west, south, east and north; `place` puts a position on the sketch."""
    west, south, east, north = window
    return DrawnGrid(
        grid_step(*window),
        (grid_at(south, west), grid_at(north, east)),
        [(line.label, line.north, [place(point) for point in line.points]) for line in grid_lines(*window)],
        [(square.name, place(square.at)) for square in grid_squares(*window)],
    )
