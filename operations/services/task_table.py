"""A table as it comes in a file, CSV or XLSX: its rows as texts by column."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

import openpyxl
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError

MOST_BYTES, MOST_ROWS, HEAD_WITHIN = 2 * 1024 * 1024, 500, 10
# What a spreadsheet unpacks to at most: a small file must not fill the memory.
MOST_UNPACKED = 40 * 1024 * 1024
# The columns by the words in the head, in lower case: those of the portal's own sheet of tasks.
HEADS = {
    "no.": "number",
    "task": "title",
    "phase": "phase",
    "done by": "who",
    "start": "start",
    "end": "end",
    "needs": "needs",
    "details": "details",
}
NEEDED = ("title", "start", "end")


def read_table(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file as texts by column. Raises InvalidError at `file`."""
    if len(content) > MOST_BYTES:
        refuse_file(_("The file is larger than 2 MB."))
    rows = _book(content) if content.startswith(b"PK") else _csv(content)
    head: dict[int, str] | None = None
    found = []
    for place, cells in enumerate(rows):
        if head is None:
            head = _head(cells)
            if head is None and place + 1 >= HEAD_WITHIN:
                break
        elif any(cell.strip() for cell in cells):
            texts = {name: cells[at].strip() for at, name in head.items() if at < len(cells)}
            found.append({"line": str(place + 1), **texts})
            if len(found) > MOST_ROWS:
                refuse_file(_("The table has more than 500 rows. Import it in parts."))
    if head is None:
        refuse_file(_("None of the first lines names the columns Task, Start and End."))
    if not found:
        refuse_file(_("The table holds no tasks."))
    return found


def refuse_file(words: str) -> NoReturn:
    """Raise InvalidError at the file."""
    raise InvalidError({"file": [words]})


def _head(cells: Sequence[str]) -> dict[int, str] | None:
    # The portal's own sheet names the zone behind the word: "Start (Africa/Bangui)".
    words = [cell.partition("(")[0].strip().casefold() for cell in cells]
    head = {at: HEADS[word] for at, word in enumerate(words) if word in HEADS}
    return head if set(NEEDED) <= set(head.values()) else None


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse_file(_("The file is neither XLSX nor CSV in UTF-8. Save it as one of them."))
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        refuse_file(_("The file cannot be read as a table."))


def _book(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                refuse_file(_("The spreadsheet is too large."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [name for name in book.sheetnames if name.casefold() == "tasks"] or book.sheetnames[:1]
        cells = book[names[0]].iter_rows(max_row=MOST_ROWS + HEAD_WITHIN + 1, values_only=True)
        return [[_text(cell) for cell in row] for row in cells]
    except InvalidError:
        raise
    except Exception:
        refuse_file(_("The spreadsheet cannot be read. Save it anew as XLSX, or as CSV."))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
