"""A table as it comes in a file, CSV or XLSX: its rows as texts by column."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

import openpyxl
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_BYTES, MOST_ROWS, HEAD_WITHIN = 2 * 1024 * 1024, 500, 10
# What a spreadsheet unpacks to at most: a small file must not fill the memory.
MOST_UNPACKED = 40 * 1024 * 1024
# Each element and attribute takes its time and memory, however well it packs; a sheet may be read twice.
MOST_SIGNS, MOST_SHEETS = 200_000, 20


@dataclass(frozen=True)
class TableShape:
    """What a table is to look like. `heads`: the columns by the words in the head, in small letters.

    `needed`: the columns without which it is none. `sheet`: the sheet of a book that is read, in small
    letters, else its first. `no_head` and `no_rows`: what is told where these are missing. `most`: how
    many rows are taken.
    """

    heads: Mapping[str, str]
    needed: Collection[str]
    sheet: str
    no_head: StrOrPromise
    no_rows: StrOrPromise
    most: int = MOST_ROWS

    @property
    def columns(self) -> set[str]:
        """The names under which texts of a row stand; `line` is where it stood in the file."""
        return {"line", *self.heads.values()}


def read_table(content: bytes, shape: TableShape) -> list[dict[str, str]]:
    """The rows of a CSV or XLSX file as texts by column. Raises InvalidError at `file`."""
    if len(content) > MOST_BYTES:
        refuse_file(_("The file is larger than 2 MB."))
    rows = _book(content, shape) if content.startswith(b"PK") else _csv(content)
    head: dict[int, str] | None = None
    found = []
    for place, cells in enumerate(rows):
        if head is None:
            head = _head(cells, shape)
            if head is None and place + 1 >= HEAD_WITHIN:
                break
        elif any(cell.strip() for cell in cells):
            texts = {name: cells[at].strip() for at, name in head.items() if at < len(cells)}
            found.append({"line": str(place + 1), **texts})
            if len(found) > shape.most:
                words = _("The table has more than %(most)d rows. Import it in parts.")
                refuse_file(words % {"most": shape.most})
    if head is None:
        refuse_file(str(shape.no_head))
    if not found:
        refuse_file(str(shape.no_rows))
    return found


def refuse_file(words: str) -> NoReturn:
    """Raise InvalidError at the file."""
    raise InvalidError({"file": [words]})


def sent_rows(text: str, shape: TableShape) -> list[dict[str, str]]:
    """The rows of a preview as its form sends them back; whatever is not such a row is left out."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = []
    found = rows if isinstance(rows, list) else []
    return [
        {name: _whole(cell) for name, cell in row.items() if name in shape.columns and isinstance(cell, str)}
        for row in found[: shape.most]
        if isinstance(row, dict)
    ]


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can name and nothing can store."""
    return text.encode(errors="replace").decode()


def line_of(row: Mapping[str, str]) -> int:
    """Where the row stood in its file; 0 where that is not told."""
    text = row.get("line", "")
    return int(text) if text.isdecimal() and len(text) < len("1000000") else 0


def _head(cells: Sequence[str], shape: TableShape) -> dict[int, str] | None:
    # The portal's own sheet names the zone behind the word: "Start (Africa/Bangui)".
    words = [cell.partition("(")[0].strip().casefold() for cell in cells]
    head = {at: shape.heads[word] for at, word in enumerate(words) if word in shape.heads}
    return head if set(shape.needed) <= set(head.values()) else None


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


def _book(content: bytes, shape: TableShape) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if _is_too_large(archive):
                refuse_file(_("The spreadsheet is too large. Save the sheet alone, or as CSV."))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [name for name in book.sheetnames if name.casefold() == shape.sheet] or book.sheetnames[:1]
        cells = book[names[0]].iter_rows(max_row=shape.most + HEAD_WITHIN + 1, values_only=True)
        return [[_text(cell) for cell in row] for row in cells]
    except InvalidError:
        raise
    except Exception:
        refuse_file(_("The spreadsheet cannot be read. Save it anew as XLSX, or as CSV."))


def _is_too_large(archive: zipfile.ZipFile) -> bool:
    """Whether reading it would take long: judged by its bytes, before anything makes sense of them."""
    items = archive.infolist()
    if sum(item.file_size for item in items) > MOST_UNPACKED:
        return True
    signs = sheets = 0
    for item in items:
        # Of UTF-16 remains what UTF-8 has.
        content = archive.read(item).replace(b"\0", b"")
        if b"<!DOCTYPE" in content:
            return True
        signs += content.count(b"<") + content.count(b"=")
        sheets += content.count(b"sheetId")
    return signs > MOST_SIGNS or sheets > MOST_SHEETS


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
