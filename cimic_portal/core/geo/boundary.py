"""Boundaries as published: checked whole, kept exact, computed with as shapes."""

from __future__ import annotations

import hashlib
import json
from itertools import chain
from typing import Any

import shapely
from django.utils.translation import gettext as _

from .errors import BoundaryError

Geometry = dict[str, Any]
# A ring closes on its first point.
MIN_RING = 4
# Metres of any projection stay below it; also keeps infinity and endless whole numbers out.
ANY_NUMBER = 1e9
# Of the area; what rounding alone can make of one surface computed in two ways.
SAME_SURFACE = 1e-12


def checked_geometry(value: Any) -> Geometry:
    """The GeoJSON geometry, reduced to its type and coordinates, if it is a sound boundary.

    Raises `BoundaryError` with the reason: not a Polygon or MultiPolygon, broken rings,
    coordinates outside the earth or swapped, lines that cross. Nothing is repaired.
    """
    if not isinstance(value, dict):
        raise BoundaryError(_("There is no geometry."))
    kind = value.get("type")
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BoundaryError(
            _("The geometry is a %(type)s; a boundary is a Polygon or MultiPolygon.")
            % {"type": _quoted(kind)}
        )
    coordinates = value.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, list) or not polygons:
        raise BoundaryError(_("The geometry has no coordinates."))
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise BoundaryError(_("The geometry has no coordinates."))
        for ring in polygon:
            _check_ring(ring)
    geometry = {"type": kind, "coordinates": coordinates}
    _check_surface(_raw_shape(geometry))
    return geometry


def touch_note(geometry: Geometry) -> str:
    """What to tell of a ring that touches itself; empty for the usual boundary."""
    shape = _raw_shape(geometry)
    return "" if shape.is_valid else shapely.is_valid_reason(shape)


def shape_of(geometry: Geometry) -> Any:
    """The Shapely shape of a checked geometry, always valid, in two dimensions.

    A ring that touches itself is read as the polygon with holes that covers the same ground.
    """
    shape = _raw_shape(geometry)
    return shape if shape.is_valid else shapely.make_valid(shape, method="structure", keep_collapsed=False)


def digest_of(geometry: Geometry) -> str:
    """The same for the same coordinates, whatever the spelling of the file."""
    text = json.dumps(geometry, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _raw_shape(geometry: Geometry) -> Any:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    parts = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in ([[position[:2] for position in ring] for ring in polygon] for polygon in polygons)
    ]
    return parts[0] if geometry["type"] == "Polygon" else shapely.MultiPolygon(parts)


def _check_ring(ring: Any) -> None:
    if not isinstance(ring, list) or not all(_is_position(position) for position in ring):
        raise BoundaryError(_("The coordinates are not lists of longitude and latitude."))
    lons = [position[0] for position in ring]
    lats = [position[1] for position in ring]
    if not all(-ANY_NUMBER < value < ANY_NUMBER for value in chain(lons, lats)):
        raise BoundaryError(_("A coordinate is not a number of degrees."))
    if len(ring) < MIN_RING:
        raise BoundaryError(
            _("A ring has %(count)d points; a ring needs at least four, the last equal to the first.")
            % {"count": len(ring)}
        )
    _check_range(lons, lats)
    if ring[0] != ring[-1]:
        raise BoundaryError(_("A ring is not closed: its last point is not its first."))


def _is_position(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(type(v) in (int, float) for v in value)  # noqa: PLR2004


def _check_range(lons: list[float], lats: list[float]) -> None:
    worst_lat, worst_lon = max(lats, key=abs), max(lons, key=abs)
    if abs(worst_lat) > 90:  # noqa: PLR2004 - degrees
        reason = _("Latitude %(value)s is outside −90 to 90.") % {"value": worst_lat}
        if abs(worst_lon) <= 90 and abs(worst_lat) <= 180:  # noqa: PLR2004 - degrees
            reason += " " + _("GeoJSON writes longitude first; were the two swapped?")
        raise BoundaryError(reason)
    if abs(worst_lon) > 180:  # noqa: PLR2004 - degrees
        raise BoundaryError(
            _("Longitude %(value)s is outside −180 to 180.") % {"value": worst_lon}
            + " "
            + _("Only WGS 84 degrees are read, no projected metres.")
        )


def _check_surface(shape: Any) -> None:
    """Refuse what leaves in doubt which ground is meant.

    Shapefiles allow a ring to touch itself in a point, and published boundaries do it. Such a ring
    bounds one surface, however it is read. Lines that cross do not: the readings differ in area.
    """
    reason = shapely.is_valid_reason(shape)
    if shape.is_valid:
        if shape.area > 0:
            return
    elif reason.startswith("Ring Self-intersection"):
        structure = shapely.make_valid(shape, method="structure", keep_collapsed=False).area
        linework = shapely.make_valid(shape, method="linework").area
        slack = SAME_SURFACE * shape.area
        if max(abs(structure - shape.area), abs(linework - shape.area)) < slack:
            return
    raise BoundaryError(_("The boundary is not valid: %(reason)s.") % {"reason": reason})


def _quoted(value: Any) -> str:
    return str(value)[:40] if isinstance(value, str) else _("geometry without a type")
