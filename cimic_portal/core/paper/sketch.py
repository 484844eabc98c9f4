"""A sketch map for paper: boundaries as lines, places as numbered points, a scale.

Pure geometry: longitude and latitude (WGS 84, degrees) in, millimetres from the top left corner
of the sketch out. Over the few hundred kilometres of a sketch the equirectangular projection is
true enough; it is not for navigation, and the paper says so.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cimic_portal.core.paper.sketch_grid import DrawnGrid, drawn_grid

LonLat = tuple[float, float]
XY = tuple[float, float]

KM_PER_DEGREE = 111.32
_MARGIN = 6.0
# A circle with its number, and the room between two of them.
RADIUS = 2.2
_GAP = 0.4
# Points nearer than this to the last one drawn do not show on paper.
_STEP = 0.25
_SMALLEST_SPAN_KM = 5.0
# In square millimetres: a smaller area has no room for its name; half the width of a letter of it.
_SMALLEST_NAMED = 60.0
_HALF_LETTER = 0.65
# Points further apart than this, in degrees, are near each other across the date line.
_HALF_ROUND = 180


@dataclass(frozen=True, slots=True)
class Outline:
    """The boundary of an area: closed rings of longitude and latitude, holes among them.

    `own` areas are what the paper is about and set the extent; the others are drawn lighter, for
    orientation. `ground` is drawn over them with a broken line.
    """

    name: str
    rings: Sequence[Sequence[LonLat]]
    own: bool = True
    ground: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the sketch; `label` is its number in the legend, empty for a small dot without one."""

    label: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """The rings of an area in millimetres, and where its name goes (None: no room)."""

    name: str
    own: bool
    ground: bool
    rings: list[list[XY]]
    name_at: XY | None


@dataclass(frozen=True, slots=True)
class DrawnSpot:
    """A place in millimetres: `at` is the point, `mark` the middle of its circle, moved for room."""

    label: str
    at: XY
    mark: XY
    moved: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a template draws; all lengths in millimetres."""

    width: float
    height: float
    radius: float
    areas: list[DrawnArea]
    spots: list[DrawnSpot]
    scale_km: float
    scale_mm: float
    grid: DrawnGrid | None = field(default=None)


def rings_of(geometry: Mapping[str, Any] | None) -> list[list[LonLat]]:
    """The rings of a GeoJSON polygon or multipolygon; none for anything else."""
    if geometry is None or geometry["type"] not in ("Polygon", "MultiPolygon"):
        return []
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    return [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]


def sketch(
    outlines: Iterable[Outline],
    spots: Iterable[Spot],
    *,
    width: float,
    most_height: float,
    grid: bool = False,
) -> Sketch | None:
    """The sketch of these areas and places, `width` mm wide and at most `most_height` mm high.

    `grid`: with the lines of the military grid. None when no area has a boundary: then a table of
    places says more than points on nothing, unless they stand on the grid.
    """
    areas, places = [area for area in outlines if area.rings], list(spots)
    if not areas and not (grid and places):
        return None
    framing = [point for area in areas if area.own for ring in area.rings for point in ring]
    if not framing and not (grid and places):
        framing = [point for area in areas for ring in area.rings for point in ring]
    points = [(spot.longitude, spot.latitude) for spot in places]
    view = _View.around([*framing, *points], width, most_height)
    drawn = _spread([(spot.label, view.place(at)) for spot, at in zip(places, points, strict=True)], view)
    km, mm = _scale(view)
    return Sketch(
        width=round(view.width, 2),
        height=round(view.height, 2),
        radius=RADIUS,
        areas=[_area(area, view, drawn) for area in sorted(areas, key=lambda area: (area.ground, area.own))],
        spots=drawn,
        scale_km=km,
        scale_mm=mm,
        grid=drawn_grid(view.window(), view.place) if grid else None,
    )


@dataclass(frozen=True, slots=True)
class _View:
    """The window of the sketch: degrees to millimetres."""

    shifted: bool
    west: float
    north: float
    mm_per_lon: float
    mm_per_lat: float
    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Sequence[LonLat], width: float, most_height: float) -> "_View":
        shifted = max(lon for lon, _lat in points) - min(lon for lon, _lat in points) > _HALF_ROUND
        lons = [_unrolled(lon, shifted) for lon, _lat in points]
        lats = [lat for _lon, lat in points]
        squeeze = max(math.cos(math.radians((min(lats) + max(lats)) / 2)), 0.01)
        least = _SMALLEST_SPAN_KM / KM_PER_DEGREE
        lon_span = max(max(lons) - min(lons), least / squeeze)
        lat_span = max(max(lats) - min(lats), least)
        inner = width - 2 * _MARGIN
        mm_per_lat = min(inner / (lon_span * squeeze), (most_height - 2 * _MARGIN) / lat_span)
        height = min(lat_span * mm_per_lat + 2 * _MARGIN, most_height)
        return cls(
            shifted=shifted,
            west=(min(lons) + max(lons) - lon_span) / 2,
            north=(min(lats) + max(lats) + lat_span) / 2,
            mm_per_lon=mm_per_lat * squeeze,
            mm_per_lat=mm_per_lat,
            left=(width - lon_span * mm_per_lat * squeeze) / 2,
            top=(height - lat_span * mm_per_lat) / 2,
            width=width,
            height=height,
        )

    def window(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what is drawn; counted on where it lies across the date line."""
        west = self.west - self.left / self.mm_per_lon
        north = min(self.north + self.top / self.mm_per_lat, 90.0)
        south = max(self.north - (self.height - self.top) / self.mm_per_lat, -90.0)
        return west, south, west + self.width / self.mm_per_lon, north

    def place(self, point: LonLat) -> XY:
        lon, lat = point
        x = self.left + (_unrolled(lon, self.shifted) - self.west) * self.mm_per_lon
        y = self.top + (self.north - lat) * self.mm_per_lat
        return round(x, 2), round(y, 2)


def _unrolled(lon: float, shifted: bool) -> float:
    """The longitude counted from 0 to 360 where the points lie on both sides of the date line."""
    return lon + 360 if shifted and lon < 0 else lon


def _area(area: Outline, view: _View, spots: Sequence[DrawnSpot]) -> DrawnArea:
    placed = (_thin([view.place(point) for point in ring]) for ring in area.rings)
    rings = [ring for ring in placed if len(ring) > 2]  # noqa: PLR2004 - fewer points enclose nothing
    return DrawnArea(area.name, area.own, area.ground, rings, _name_place(area.name, rings, view, spots))


def _thin(ring: Sequence[XY]) -> list[XY]:
    """The ring without points that nobody could tell apart on paper."""
    kept: list[XY] = []
    for point in ring:
        if not kept or math.dist(kept[-1], point) >= _STEP:
            kept.append(point)
    return kept


def _name_place(
    name: str, rings: Sequence[Sequence[XY]], view: _View, spots: Sequence[DrawnSpot]
) -> XY | None:
    """Where the name of an area goes: near the middle of its largest ring, beside the circles.

    None when the area has no name, is small on paper, or has its middle outside the window.
    """
    if not rings or not name:
        return None
    x, y, size = max((_centroid(ring) for ring in rings), key=lambda middle: abs(middle[2]))
    inside = _MARGIN < x < view.width - _MARGIN and _MARGIN < y < view.height - _MARGIN
    if not inside or abs(size) < _SMALLEST_NAMED:
        return None
    half = len(name) * _HALF_LETTER + RADIUS
    for down in (0.0, 5.0, -5.0, 10.0, -10.0):
        if not any(
            abs(spot.mark[0] - x) < half and abs(spot.mark[1] - y - down) < RADIUS + 1 for spot in spots
        ):
            return round(x, 2), round(y + down, 2)
    return round(x, 2), round(y, 2)


def _centroid(ring: Sequence[XY]) -> tuple[float, float, float]:
    """x, y and signed area of a closed ring."""
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, cx, cy = area + cross, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
    if abs(area) < 1e-9:  # noqa: PLR2004 - a line, not an area
        return ring[0][0], ring[0][1], 0.0
    return cx / (3 * area), cy / (3 * area), area / 2


def _spread(places: Sequence[tuple[str, XY]], view: _View) -> list[DrawnSpot]:
    """Move the circles of near places apart, so that every number can be read; the points stay."""
    marks = [list(at) for _label, at in places]
    numbered = [index for index, (label, _at) in enumerate(places) if label]
    for _round in range(60):
        if not _push_apart(marks, numbered):
            break
        for index in numbered:
            marks[index][0] = min(max(marks[index][0], RADIUS), view.width - RADIUS)
            marks[index][1] = min(max(marks[index][1], RADIUS), view.height - RADIUS)
    return [
        DrawnSpot(label, at, (round(mark[0], 2), round(mark[1], 2)), math.dist(at, mark) > RADIUS / 2)
        for (label, at), mark in zip(places, marks, strict=True)
    ]


def _push_apart(marks: list[list[float]], numbered: Sequence[int]) -> bool:
    """One round of moving; whether any two circles still touched."""
    touched, least = False, 2 * RADIUS + _GAP
    for place, first in enumerate(numbered):
        for second in numbered[place + 1 :]:
            dx, dy = marks[second][0] - marks[first][0], marks[second][1] - marks[first][1]
            apart = math.hypot(dx, dy)
            if apart >= least:
                continue
            touched = True
            if apart < 0.01:  # noqa: PLR2004 - one on the other: fan out, each pair its own way
                angle = 2.4 * second
                dx, dy, apart = math.cos(angle), math.sin(angle), 1.0
                push = least / 2
            else:
                push = (least - apart) / 2 + 0.01
            for index, sign in ((first, -1), (second, 1)):
                marks[index][0] += sign * dx / apart * push
                marks[index][1] += sign * dy / apart * push
    return touched


def _scale(view: _View) -> tuple[float, float]:
    """A round length for the scale bar, about a quarter of the width: kilometres, millimetres."""
    km_per_mm = KM_PER_DEGREE / view.mm_per_lat
    room = view.width / 4 * km_per_mm
    size = 10.0 ** math.floor(math.log10(room))
    km = max(factor * size for factor in (1, 2, 5) if factor * size <= room)
    return km, round(km / km_per_mm, 2)
