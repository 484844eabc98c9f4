"""Lines of the military grid within a window, to be drawn on a map. WGS 84; not in the polar squares.

Source of the rules: NGA.STND.0037, Universal Grids and Grid Reference Systems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mgrs import MGRS
from mgrs.core import MGRSError
from shapely.geometry import LineString, box

from .grid import MAX_PRECISION, to_mgrs

LonLat = tuple[float, float]
_STEPS_KM = (1, 2, 5, 10, 20, 50, 100)
_MOST_LINES = 8
_ZONE_DEGREES, _ZONES = 6, 60
_SOUTHMOST, _NORTHMOST = -80.0, 84.0
# The library names squares that do not exist any nearer to the equator.
_HAIR = 1e-5
_POINTS = 24
_SAMPLES = 12
_KM = 1000
_WIDEST = 30.0
_grid = MGRS()


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line. `label`: the last two figures of its whole kilometres; `north`: it runs north."""

    label: str
    north: bool
    points: list[LonLat]


@dataclass(frozen=True, slots=True)
class GridSquare:
    """The name of a square of 100 km, and the middle of what is seen of it."""

    name: str
    at: LonLat


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of the window within one zone and hemisphere; degrees."""

    zone: int
    hemisphere: str
    west: float
    south: float
    east: float
    north: float


def grid_step(west: float, south: float, east: float, north: float) -> int:
    """The distance of the lines in kilometres, so that the window holds a handful of them."""
    height = (north - south) * 111.32
    return next((step for step in _STEPS_KM if height / step <= _MOST_LINES), _STEPS_KM[-1])


def grid_at(lat: float, lon: float, precision: int = 3) -> str:
    """The reference of a corner of the window, to 100 m; empty where the grid has no zones."""
    return to_mgrs(lat, _wrapped(lon), precision) if _SOUTHMOST <= lat <= _NORTHMOST else ""


def grid_lines(west: float, south: float, east: float, north: float) -> list[GridLine]:
    """The lines in the window, cut at its edges and at those of the zones; none on half a globe."""
    if east - west > _WIDEST:
        return []
    step = grid_step(west, south, east, north) * _KM
    return [line for window in _windows(west, south, east, north) for line in _lines(window, step)]


def grid_squares(west: float, south: float, east: float, north: float) -> list[GridSquare]:
    """The squares of 100 km of which enough is seen to name them."""
    if east - west > _WIDEST:
        return []
    seen: dict[str, list[LonLat]] = {}
    for row in range(_SAMPLES):
        for column in range(_SAMPLES):
            lon = west + (column + 0.5) * (east - west) / _SAMPLES
            lat = south + (row + 0.5) * (north - south) / _SAMPLES
            if _SOUTHMOST <= lat <= _NORTHMOST:
                seen.setdefault(to_mgrs(lat, _wrapped(lon), 0), []).append((lon, lat))
    return [
        GridSquare(name, (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)))
        for name, points in seen.items()
        if len(points) >= _SAMPLES / 2
    ]


def _wrapped(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _windows(west: float, south: float, east: float, north: float) -> Iterator[_Window]:
    first, last = (int((lon + 180) // _ZONE_DEGREES) for lon in (west, east))
    for index in range(first, last + 1):
        left, right = (index * _ZONE_DEGREES - 180.0, (index + 1) * _ZONE_DEGREES - 180.0)
        for hemisphere, low, high in (("S", _SOUTHMOST, 0.0), ("N", 0.0, _NORTHMOST)):
            window = _Window(
                index % _ZONES + 1,
                hemisphere,
                max(west, left),
                max(south, low),
                min(east, right),
                min(north, high),
            )
            if window.east - window.west > _HAIR and window.north - window.south > _HAIR:
                yield window


def _lines(window: _Window, step: int) -> Iterator[GridLine]:
    corners = [
        found
        for lon in (window.west + _HAIR, (window.west + window.east) / 2, window.east - _HAIR)
        for lat in (window.south + _HAIR, window.north - _HAIR)
        if (found := _to_utm(lat, lon))[0] == window.zone
    ]
    if not corners:
        return
    eastings, northings = ([corner[side] for corner in corners] for side in (1, 2))
    spans = ((min(eastings), max(eastings)), (min(northings), max(northings)))
    for north, (low, high), (begin, end) in ((True, *spans), (False, *spans[::-1])):
        for at in range(int(low // step) * step, int(high) + step, step):
            along = [begin + (end - begin) * place / _POINTS for place in range(-1, _POINTS + 2)]
            pairs = [(at, other) if north else (other, at) for other in along]
            points = [point for pair in pairs if (point := _to_lonlat(window, *pair)) is not None]
            yield from _cut(window, f"{at // _KM % 100:02}", points, north=north)


def _cut(window: _Window, label: str, points: list[LonLat], *, north: bool) -> Iterator[GridLine]:
    if len(points) < 2:  # noqa: PLR2004 - no line
        return
    inside = LineString(points).intersection(box(window.west, window.south, window.east, window.north))
    for part in getattr(inside, "geoms", [inside]):
        if isinstance(part, LineString) and not part.is_empty:
            yield GridLine(label, north, [(x, y) for x, y in part.coords])


def _to_utm(lat: float, lon: float) -> tuple[int, float, float]:
    zone, _hemisphere, easting, northing = _grid.MGRSToUTM(
        _grid.toMGRS(lat, _wrapped(lon), True, MAX_PRECISION)
    )
    return int(zone), float(easting), float(northing)


def _to_lonlat(window: _Window, easting: float, northing: float) -> LonLat | None:
    """None outside of what the grid names."""
    try:
        text = _grid.UTMToMGRS(window.zone, window.hemisphere, easting, northing, MAX_PRECISION)
        lat, lon = _grid.toLatLon(text)
    except MGRSError:
        return None
    # Counted on from the window, also where that lies across the date line.
    middle = (window.west + window.east) / 2
    return middle + (lon - middle + 180) % 360 - 180, lat
