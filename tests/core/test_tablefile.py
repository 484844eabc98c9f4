"""Tables that come as files: what a spreadsheet may hold, so that a small one cannot stop the portal."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.tablefile import TableShape, read_table

SHAPE = TableShape(
    heads={"name": "name"}, needed=("name",), sheet="people", no_head="No head", no_rows="None"
)
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
CELLS = b"<row>" + b"<c/>" * 450_000 + b"</row></sheetData>"
ENTITY = b'<!DOCTYPE s [<!ENTITY a "b">]><worksheet'


def book(part: str = "", change: Callable[[bytes], bytes] = bytes) -> bytes:
    """A spreadsheet of two people, one of its parts changed."""
    made, whole, target = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for name in ("Name", "Ada", "Ben"):
        made.active.append([name])
    made.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in source.namelist():
            content = source.read(name)
            changed.writestr(name, change(content) if name == part else content)
    return target.getvalue()


def more_sheets(content: bytes) -> bytes:
    named = (b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(2, 30))
    return content.replace(b"</sheets>", b"".join(named) + b"</sheets>")


def test_its_rows_are_read_by_column_and_line():
    assert read_table(book(), SHAPE) == [{"line": "2", "name": "Ada"}, {"line": "3", "name": "Ben"}]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, lambda content: content.replace(b"</sheetData>", CELLS)),
        (SHEET, lambda content: re.sub(b"<worksheet", ENTITY, content)),
        (BOOK, more_sheets),
        (BOOK, lambda content: more_sheets(content).decode().encode("utf-16")),
        ("xl/styles.xml", lambda content: content.replace(b"</cellXfs>", b"<xf/>" * 450_000 + b"</cellXfs>")),
    ],
    ids=["cells", "entities", "sheets", "sheets in UTF-16", "styles"],
)
def test_one_that_would_take_minutes_to_read_is_refused_first(part, change):
    with pytest.raises(InvalidError) as error:
        read_table(book(part, change), SHAPE)
    assert "too large" in error.value.fields["file"][0]
