"""A small map as SVG shapes: outlines and points, drawn on the server."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH, MIN_HEIGHT, MAX_HEIGHT = 640.0, 200.0, 420.0
# Of the longer side of the box: room around what is shown, so that neighbours give their bearings.
MARGIN = 0.12

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """A part of the map on paper: degrees to picture units, north up, true to shape at its middle."""

    west: float
    north: float
    scale: float
    squeeze: float
    width: float
    height: float

    @classmethod
    def around(cls, box: Box) -> Frame:
        """The frame that shows a box of west, south, east, north in degrees."""
        west, south, east, north = box
        squeeze = max(math.cos(math.radians((south + north) / 2)), 0.05)
        across, down = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
        room = 1 + 2 * MARGIN
        height = min(max(WIDTH * down / across, MIN_HEIGHT), MAX_HEIGHT)
        scale = min(WIDTH / (across * room), height / (down * room))
        middle = (west + east) / 2, (south + north) / 2
        return cls(
            west=middle[0] - WIDTH / 2 / scale / squeeze,
            north=middle[1] + height / 2 / scale,
            scale=scale,
            squeeze=squeeze,
            width=WIDTH,
            height=round(height),
        )

    @property
    def box(self) -> Box:
        """What the frame shows, in degrees."""
        east = self.west + self.width / self.scale / self.squeeze
        return self.west, self.north - self.height / self.scale, east, self.north

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            round((lon - self.west) * self.squeeze * self.scale, 1),
            round((self.north - lat) * self.scale, 1),
        )

    def path(self, outline: dict[str, Any]) -> str:
        """The `d` of an SVG path for a GeoJSON Polygon or MultiPolygon."""
        polygons = outline["coordinates"]
        if outline["type"] == "Polygon":
            polygons = [polygons]
        return "".join(self._ring(ring) for polygon in polygons for ring in polygon)

    def _ring(self, ring: list[list[float]]) -> str:
        points = [self.point(position[0], position[1]) for position in ring[:-1]]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def around_all(boxes: Iterable[Box]) -> Box | None:
    """The box around several; None for none."""
    found = list(boxes)
    if not found:
        return None
    west, south, east, north = zip(*found, strict=True)
    return min(west), min(south), max(east), max(north)
