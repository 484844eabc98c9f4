"""One sound file of each kind that the portal reads."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
from PIL import Image

from tests.core.test_import_area_forms import SQUARE, kml, placemark, shapefile_of
from tests.core.test_import_areas import TABLE, collection, polygon, province
from tests.support.scorm import API, TWO_PARTS, page

ATTENDANCE = [
    ["Name", "E-mail", "Attendance", "Result", "Score"],
    ["Ada Owner", "ada@carana.example", "yes", "passed", 91],
    ["Ben Head", "ben@carana.example", "no", "", ""],
]
TASKS = [
    ["No.", "Task", "Phase", "Done by", "Start", "End", "Needs", "Details"],
    [1, "Brief", "", "", "2030-01-02 08:00", "2030-01-02 12:00", "", "All of them"],
    [2, "March", "", "", "2030-01-03", "03.01.2030 18:00", "Brief", ""],
]


def picture(kind: str) -> bytes:
    """With what cameras add: a comment, how it was held, a place."""
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, (72, 1)
    exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 21.0, 36.0)})
    image = Image.effect_noise((40, 30), 60).convert("RGBA" if kind == "PNG" else "RGB")
    target = io.BytesIO()
    image.save(target, kind, exif=exif)
    return target.getvalue()


def table(rows: list[list[Any]], form: str) -> bytes:
    if form == "csv":
        return "\n".join(";".join(str(cell) for cell in row) for row in rows).encode()
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def geojson() -> bytes:
    square = {"type": "Polygon", "coordinates": [[list(point) for point in SQUARE]]}
    hole = {"type": "MultiPolygon", "coordinates": [polygon((0, 0), (2, 0), (2, 2), (0, 0))["coordinates"]]}
    return collection(province(geometry=square), province("XC02", hole, name="Mbaéré")).encode()


def pcodes() -> bytes:
    return TABLE.read_bytes()[:3000]


def kml_file() -> bytes:
    return kml(placemark(), placemark("XC02", "22,4,0 23,4,0 23,5,0 22,5,0 22,4,0"))


def shapefile() -> dict[str, bytes]:
    return shapefile_of(("XC01", SQUARE), ("XC02", [(x + 1, y) for x, y in SQUARE]))


def scorm() -> dict[str, bytes]:
    files = {"imsmanifest.xml": TWO_PARTS, "api.js": API, "one.html": page(""), "two.html": page("")}
    return {name: text.encode() for name, text in files.items()} | {"img/road.png": picture("PNG")}


def sent(rows: list[list[Any]]) -> bytes:
    names = ("email", "came", "title", "start", "end")
    return json.dumps(
        [{"line": "2"} | dict.fromkeys(names, str(cell)) for row in rows for cell in row]
    ).encode()
