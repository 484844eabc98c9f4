"""Areas of a KML file. Source: OGC KML 2.3 (12-007r2); coordinates are WGS 84 by definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from cimic_portal.core.xmlfile import XmlError, plain_name, read_xml

from .area_row import AreaRow, drawn_row
from .errors import BadRow, ImportRefusedError

_GEOMETRIES = {"point", "linestring", "linearring", "model", "track", "multitrack"}


def kml_rows(content: bytes) -> list[AreaRow | BadRow]:
    """Its placemarks with their data and polygons. Raises `ImportRefusedError` for what is no KML."""
    try:
        root = read_xml(content)
    except XmlError as error:
        raise ImportRefusedError.whole(
            _("The file looks like KML, but %(reason)s") % {"reason": error}
        ) from error
    if plain_name(root) != "kml":
        raise ImportRefusedError.whole(_("The file is XML but not KML."))
    marks = (one for one in root.iter() if plain_name(one) == "placemark")
    return [_row(number, mark) for number, mark in enumerate(marks, start=1)]


def _row(number: int, mark: Element) -> AreaRow | BadRow:
    where = _("feature %(number)d") % {"number": number}
    try:
        geometry = _geometry(mark)
    except ValueError:
        return BadRow(where, "", _("Its coordinates are not pairs of numbers."))
    return drawn_row(where, _properties(mark), geometry)


def _properties(mark: Element) -> dict[str, str]:
    """The data beside the placemark; its own name where the data has none."""
    found = {"name": _text(mark, "name")}
    for one in mark.iter():
        if plain_name(one) == "simpledata":
            found[one.get("name", "")] = one.text or ""
        elif plain_name(one) == "data":
            found[one.get("name", "")] = _text(one, "value")
    return found


def _geometry(mark: Element) -> dict[str, Any] | None:
    """All its polygons as one GeoJSON geometry. Raises ValueError for coordinates that are no numbers."""
    polygons = [_polygon(one) for one in mark.iter() if plain_name(one) == "polygon"]
    if not polygons:
        others = [plain_name(one) for one in mark.iter() if plain_name(one) in _GEOMETRIES]
        return {"type": others[0]} if others else None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _polygon(polygon: Element) -> list[list[list[float]]]:
    outer = list(_rings(polygon, "outerboundaryis"))
    return [*outer, *_rings(polygon, "innerboundaryis")] if len(outer) == 1 else []


def _rings(polygon: Element, kind: str) -> Iterator[list[list[float]]]:
    for boundary in (one for one in polygon if plain_name(one) == kind):
        for one in boundary.iter():
            if plain_name(one) == "coordinates":
                yield [
                    [float(number) for number in point.split(",")[:2]] for point in (one.text or "").split()
                ]


def _text(element: Element, name: str) -> str:
    return next((one.text or "" for one in element if plain_name(one) == name), "").strip()
