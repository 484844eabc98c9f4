"""Which area a point lies in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from cimic_portal.core.geo.boundary import shape_of
from cimic_portal.core.models.area import Area, AreaBoundary


def area_at(lat: Any, lon: Any) -> Area | None:
    """The deepest area that holds the point, in decimal degrees; on a border the lowest P-code."""
    return areas_at([(lat, lon)])[0]


def areas_at(points: Sequence[tuple[Any, Any]]) -> list[Area | None]:
    """For each (latitude, longitude) the deepest area that holds it, or None outside all of them.

    One query for all points, and one more for each boundary that this process has not seen yet.
    A border belongs to both sides: of two areas of one level the lower P-code has it.
    """
    found: list[Area | None] = [None] * len(points)
    if not points:
        return found
    lats, lons = (np.array([float(point[axis]) for point in points]) for axis in (0, 1))
    for boundary in _near(lats, lons):
        inside = (
            (lons >= boundary.west)
            & (lons <= boundary.east)
            & (lats >= boundary.south)
            & (lats <= boundary.north)
            & np.array([area is None for area in found])
        )
        if not inside.any():
            continue
        indices = np.flatnonzero(inside)
        held = shapely.covers(
            _prepared(boundary.pk, boundary.digest), shapely.points(lons[indices], lats[indices])
        )
        for index in indices[held]:
            found[index] = boundary.area
    return found


def _near(lats: Any, lons: Any) -> Iterable[AreaBoundary]:
    """The boundaries whose box meets the box of the points, deepest level first, then by P-code."""
    return (
        AreaBoundary.objects.defer("geometry", "outline")
        .filter(
            west__lte=float(lons.max()),
            east__gte=float(lons.min()),
            south__lte=float(lats.max()),
            north__gte=float(lats.min()),
        )
        .select_related("area")
        .order_by("-area__level", "area__pcode")
    )


# Some 0.2 MB each; the digest in the key lets a changed boundary be read anew.
@lru_cache(maxsize=256)
def _prepared(area_id: int, digest: str) -> Any:
    geometry = AreaBoundary.objects.filter(pk=area_id).values_list("geometry", flat=True).first()
    shape = shape_of(geometry) if geometry else shapely.Polygon()
    shapely.prepare(shape)
    # The index inside is built by the first question, which two threads must not ask at once.
    shapely.covers(shape, shapely.point_on_surface(shape))
    return shape
