"""Boundaries simplified for screens: small, and still fitting together like the pieces of a map."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

# Of the diagonal of all areas together: what is lost is under two pixels on a full screen.
TOLERANCE = 0.0018
# Of the side of an area: a capital of a few kilometres keeps its form beside large provinces.
OWN_TOLERANCE = 0.06
# Gaps and overlaps that published neighbours leave between them, in tolerances.
GAP = 0.2


def outlines(shapes: Sequence[Any]) -> list[dict[str, Any]]:
    """One simplified GeoJSON geometry for each area of a level, neighbours still edge to edge.

    `shapes` are valid polygons of WGS 84 degrees. The result depends on nothing else, so the same
    areas give the same outlines. Every area keeps one: what the cleaning swallows (an area drawn
    twice) is simplified by itself.
    """
    if not shapes:
        return []
    bounds = shapely.total_bounds(np.array(shapes))
    tolerance = TOLERANCE * math.hypot(bounds[2] - bounds[0], bounds[3] - bounds[1])
    digits = max(0, math.ceil(-math.log10(tolerance / 10)))
    fitted = _fit_together(np.array(shapes), tolerance)
    pairs = zip(fitted, shapes, strict=True)
    return [_geojson(_sound(fit, shape, tolerance), digits) for fit, shape in pairs]


def _fit_together(shapes: Any, tolerance: float) -> Any:
    clean = shapely.coverage_clean(shapes, gap_width=tolerance * GAP)
    result = shapely.coverage_simplify(clean, tolerance)
    own = np.sqrt(shapely.area(clean)) * OWN_TOLERANCE
    small = [index for index in np.argsort(-own, kind="stable") if 0 < own[index] < tolerance]
    finer: dict[int, Any] = {}
    for index in small:
        halvings = math.ceil(math.log2(tolerance / own[index]))
        if halvings not in finer:
            finer[halvings] = shapely.coverage_simplify(clean, tolerance / 2**halvings)
        result = _with_finer(result, index, finer[halvings][index])
    return shapely.coverage_clean(result) if small else result


def _with_finer(areas: Any, index: int, finer: Any) -> Any:
    """The areas with one drawn finer; what it gives up goes to the neighbour with the longest border."""
    spare = shapely.get_parts(shapely.difference(areas[index], finer))
    result = areas.copy()
    near = [n for n in np.flatnonzero(shapely.intersects(areas, finer)) if n != index]
    result[near] = shapely.difference(areas[near], finer)
    result[index] = finer
    for piece in spare:
        shared = shapely.length(shapely.intersection(shapely.boundary(result[near]), piece))
        if shared.size and shared.max() > 0:
            neighbour = near[int(shared.argmax())]
            result[neighbour] = shapely.union(result[neighbour], piece)
    return result


def _sound(fitted: Any, shape: Any, tolerance: float) -> Any:
    polygons = [part for part in shapely.get_parts(fitted) if part.geom_type == "Polygon" and part.area > 0]
    if not polygons:
        return shapely.simplify(shape, min(tolerance, math.sqrt(shape.area) * OWN_TOLERANCE))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _geojson(shape: Any, digits: int) -> dict[str, Any]:
    """Rounded; of an area too small for that, all digits."""
    polygons = []
    for part in shapely.get_parts(shape):
        rings = [_rounded(ring, digits) for ring in (part.exterior, *part.interiors)]
        if len(rings[0]) >= 4:  # noqa: PLR2004 - a ring
            polygons.append([ring for ring in rings if len(ring) >= 4])  # noqa: PLR2004
    if not polygons:
        return json.loads(shapely.to_geojson(shape))  # type: ignore[no-any-return]
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rounded(ring: Any, digits: int) -> list[list[float]]:
    """The ring's points, rounded, without those that fall on the one before."""
    points = shapely.get_coordinates(ring).round(digits).tolist()
    return [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
