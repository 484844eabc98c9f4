"""Area files: boundaries as GeoJSON, KML or shapefile, and P-code tables as CSV with an HXL row."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from .area_archive import read_area_archive
from .area_kml import kml_rows
from .area_row import AreaRow, drawn_row, read_row
from .area_shapefile import shapefile_rows
from .errors import BadRow, ImportRefusedError

# The HXL standard looks for its row among the first 25.
HXL_ROWS = 25
_TAG = re.compile(r"#(?P<tag>[a-z][a-z0-9_]*)(?P<attributes>(?:\s*\+\s*[a-z][a-z0-9_]*)*)")
# Tag with its attributes in alphabetical order -> the property of a GeoJSON feature that says the same.
_MEANINGS = {
    "adm+code": "pcode",
    "adm+name": "name",
    "adm+code+parent": "parent_pcode",
    "geo+admin_level": "level",
    "country+code": "country_code",
    "country+name": "country_name",
    "date+start": "valid_from",
}
_WGS84 = re.compile(r"(?:EPSG:{1,2}(?:\d*:)?4326|CRS:?84|OGC:[\d.]*:?CRS84)$", re.IGNORECASE)
_ZIP = b"PK\x03\x04"


def read_area_file(data: bytes, most: int) -> tuple[list[AreaRow], list[BadRow]]:
    """The rows of a file, and those that cannot be read. `most`: bytes that an archive may unpack to.

    Raises `ImportRefusedError` when the file as a whole cannot be read: wrong encoding, none of the
    forms, empty, an archive that is unsafe or holds several files of areas.
    """
    if data.startswith(_ZIP):
        inner = read_area_archive(data, most)
        found = shapefile_rows(inner) if isinstance(inner, dict) else _plain(inner)
    else:
        found = _plain(data)
    rows = [row for row in found if isinstance(row, AreaRow)]
    bad = [row for row in found if isinstance(row, BadRow)]
    if not found:
        _refuse(_("The file holds no areas."))
    return rows, bad


def _plain(data: bytes) -> list[AreaRow | BadRow]:
    """Of a file that is no archive: its form is told by its first sign."""
    if data.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"<"):
        return kml_rows(data)
    text = _decoded(data)
    return _geojson(text) if text.lstrip()[:1] in {"{", "["} else _table(text)


def _refuse(reason: str) -> NoReturn:
    raise ImportRefusedError.whole(reason)


def _decoded(data: bytes) -> str:
    if not data.strip():
        _refuse(_("The file is empty."))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _refuse(_("The file is in UTF-16. Save it in UTF-8."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(
            _("The file is not in UTF-8 (byte %(byte)s in line %(line)d). Save it in UTF-8.")
            % {"byte": f"0x{data[error.start]:02X}", "line": line}
        )


def _geojson(text: str) -> list[AreaRow | BadRow]:
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        _refuse(_("The file is not GeoJSON: it is nested too deeply."))
    except ValueError as error:
        _refuse(_("The file is not valid JSON: %(reason)s.") % {"reason": error})
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        _refuse(_("The file is JSON but not a GeoJSON FeatureCollection."))
    features = content.get("features")
    if not isinstance(features, list):
        _refuse(_("The FeatureCollection has no list of features."))
    _check_reference_system(content.get("crs"))
    return [_feature(number, feature) for number, feature in enumerate(features, start=1)]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(_("%(name)s is not a number in JSON") % {"name": name})


def _check_reference_system(crs: Any) -> None:
    """Older files name their reference system; anything but WGS 84 would be read as wrong places."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not _WGS84.search(name):
        _refuse(
            _("The coordinates are in %(crs)s. Convert the file to WGS 84 (EPSG:4326).")
            % {"crs": name[:60] or _("an unnamed reference system")}
        )


def _feature(number: int, feature: Any) -> AreaRow | BadRow:
    where = _("feature %(number)d") % {"number": number}
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return BadRow(where, "", _("This is not a feature with properties."))
    return drawn_row(where, properties, feature.get("geometry"))


def _table(text: str) -> list[AreaRow | BadRow]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[int, str] | None = None
    found: list[AreaRow | BadRow] = []
    try:
        for cells in reader:
            if columns is None:
                columns = _columns(cells)
                if columns is None and reader.line_num >= HXL_ROWS:
                    break
            elif any(cell.strip() for cell in cells):
                found.append(_line(reader.line_num, cells, columns))
    except csv.Error as error:
        _refuse(_("Line %(line)d is not CSV: %(reason)s.") % {"line": reader.line_num, "reason": error})
    if columns is None:
        _refuse(
            _(
                "The file is neither GeoJSON, KML nor a shapefile in a ZIP archive, "
                "nor a table with an HXL row (#adm+code, #adm+name …) at its top."
            )
        )
    return found


def _line(number: int, cells: list[str], columns: dict[int, str]) -> AreaRow | BadRow:
    where = _("line %(number)d") % {"number": number}
    if len(cells) <= max(columns):
        return BadRow(
            where, "", _("The line has %(count)d cells, fewer than its tags.") % {"count": len(cells)}
        )
    values: dict[str, str] = {}
    for index, name in columns.items():
        values.setdefault(name, cells[index])
    return read_row(where, values)


def _columns(cells: list[str]) -> dict[int, str] | None:
    """The portal's name of each tagged column, if this is the HXL row."""
    tags = [cell.strip().lower() for cell in cells]
    if not any(tags) or not all(_TAG.fullmatch(tag) for tag in tags if tag):
        return None
    columns = {index: name for index, tag in enumerate(tags) if (name := _meaning(tag))}
    named = set(columns.values())
    if not any(re.fullmatch(r"(adm\d_)?pcode", name) for name in named):
        _refuse(_("The HXL row tags no column as P-code (#adm+code or #adm1+code)."))
    if not any(re.fullmatch(r"(adm\d_)?name", name) for name in named):
        _refuse(_("The HXL row tags no column as name (#adm+name or #adm1+name)."))
    return columns


def _meaning(tag: str) -> str | None:
    """Which property a tag stands for; attributes count in any order, languages are left aside."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    attributes = {part.strip() for part in match["attributes"].split("+")}
    attributes = {part for part in attributes if part and not part.startswith(("i_", "v_"))}
    plain = "+".join([match["tag"], *sorted(attributes)])
    if levelled := re.fullmatch(r"(adm\d)\+(code|name)", plain):
        return f"{levelled[1]}_{'pcode' if levelled[2] == 'code' else 'name'}"
    return _MEANINGS.get(plain)
