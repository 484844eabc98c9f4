"""Areas of a shapefile. Source: ESRI Shapefile Technical Description, July 1998."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyproj
import shapefile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj.exceptions import ProjError

from .area_row import AreaRow, drawn_row
from .errors import BadRow, ImportRefusedError

_WGS84 = pyproj.CRS.from_epsg(4326)
_SHAPEFILE_ERRORS = (
    shapefile.ShapefileException,
    struct.error,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    OSError,
)
_NEEDED = {
    ".dbf": gettext_lazy(
        "The shapefile has no attribute table (.dbf) beside it, so nothing says which area is which."
    ),
    ".prj": gettext_lazy("The shapefile has no .prj beside it, so nothing says what its coordinates are."),
}


def shapefile_rows(parts: Mapping[str, bytes]) -> list[AreaRow | BadRow]:
    """Its areas in WGS 84. `parts`: .shp, .dbf and .prj, also .shx and .cpg where they are there.

    Raises `ImportRefusedError` when the whole cannot be read.
    """
    for ending, reason in _NEEDED.items():
        if ending not in parts:
            raise ImportRefusedError.whole(str(reason))
    move = _mover(parts[".prj"])
    try:
        records = _records(parts)
        shapes = list(_shapes(parts))
    except _SHAPEFILE_ERRORS as error:
        raise ImportRefusedError.whole(_("The shapefile is damaged or no shapefile.")) from error
    if len(records) != len(shapes):
        words = _("The shapefile has %(shapes)d shapes and %(records)d lines in its table.")
        raise ImportRefusedError.whole(words % {"shapes": len(shapes), "records": len(records)})
    pairs = zip(records, shapes, strict=True)
    return [
        drawn_row(_("feature %(number)d") % {"number": number}, record, _moved(shape, move))
        for number, (record, shape) in enumerate(pairs, start=1)
    ]


def _records(parts: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The table. Older programs write Latin-1 without saying so; other text is hardly ever valid UTF-8."""
    stated = parts.get(".cpg", b"").decode("ascii", "ignore").strip()
    last: Exception | None = None
    for encoding in filter(None, (stated, "utf-8", "latin-1")):
        try:
            with shapefile.Reader(dbf=io.BytesIO(parts[".dbf"]), encoding=encoding) as reader:
                return [record.as_dict() for record in reader.iterRecords()]
        except (UnicodeError, LookupError, shapefile.ShapefileException) as error:
            last = error
    raise shapefile.ShapefileException(str(last))


def _shapes(parts: Mapping[str, bytes]) -> Iterator[dict[str, Any] | None]:
    """Each shape as a GeoJSON geometry; None where a line of the table has none."""
    with shapefile.Reader(shp=io.BytesIO(parts[".shp"])) as reader:
        for shape in reader.iterShapes():
            yield None if shape.shapeType == shapefile.NULL else shape.__geo_interface__


def _mover(projection: bytes) -> Callable[[Sequence[Any]], Sequence[Any]] | None:
    """What brings x and y of these coordinates to WGS 84; None where they are in it already."""
    try:
        crs = pyproj.CRS.from_wkt(projection.decode("utf-8", "replace"))
        if crs.equals(_WGS84, ignore_axis_order=True):
            return None
        transformer = pyproj.Transformer.from_crs(crs, _WGS84, always_xy=True)
    except ProjError as error:
        raise ImportRefusedError.whole(
            _("The .prj names no projection that is known. Convert the file to WGS 84 (EPSG:4326).")
        ) from error
    return lambda ring: list(transformer.itransform(ring))


def _moved(shape: dict[str, Any] | None, move: Callable[[Sequence[Any]], Sequence[Any]] | None) -> Any:
    """The geometry as JSON would have it, its height left out, in WGS 84."""
    if shape is None or shape.get("type") not in {"Polygon", "MultiPolygon"}:
        return shape

    def ring(points: Sequence[Any]) -> list[list[float]]:
        flat = [point[:2] for point in points]
        return [list(point) for point in (move(flat) if move and flat else flat)]

    drawn = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    polygons = [[ring(points) for points in polygon] for polygon in drawn]
    return {"type": shape["type"], "coordinates": polygons[0] if shape["type"] == "Polygon" else polygons}
