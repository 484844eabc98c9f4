"""Tables as CSV and XLSX: the one writer for every list that leaves the portal.

Both take the same columns and rows; a row is a mapping from column key to value. Memory
stays constant: rows are read once and never held together.
"""

import csv
import io
import math
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import PortalError

from .cells import Column, clean, in_zone, inert, is_telephone, plain, yes_or_no
from .marking import Marking, marking

__all__ = ["Column", "Sheet", "TooManyRowsError", "file_name", "write_book", "write_csv", "write_xlsx"]

Row = Mapping[str, object]

MOST_ROWS = 1_048_576
# Above the heads: the classification, and what the sheet is.
_HEAD = 2
# Spreadsheet programs keep 15 digits of a number; a longer one goes out as text.
_MOST_EXACT = 10**15
_FIRST_DAY = date(1900, 1, 1)
_CHUNK = 64 * 1024
_WIDTHS = {"text": 40, "integer": 10, "decimal": 12, "date": 12, "moment": 18, "grid": 22, "choice": 18}


class TooManyRowsError(PortalError):
    """The list is longer than a spreadsheet can be."""

    status = 422
    code = "too_many_rows"

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "A spreadsheet holds at most {most} rows, and this list has more. "
                "Narrow the filter, or take the list as CSV, which has no limit."
            ).format(most=f"{most:,}")
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. `note` stands under the classification: period and filter in words."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    note: str = ""


def write_csv(
    columns: Sequence[Column], rows: Iterable[Row], *, zone: ZoneInfo | None = None
) -> Iterator[bytes]:
    """The table as CSV in pieces of about 64 kB: UTF-8 with a mark for Excel, comma, CRLF.

    Moments are written in `zone`, by default the mission's, with their offset. The file holds
    heads and rows only, so that programs can read it; its classification is in its name
    (`file_name`).
    """
    zone = zone or _mission_zone()
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([inert(column.heading) for column in columns])
    keys = [column.key for column in columns]
    for row in rows:
        writer.writerow([plain(row[key], zone) for key in keys])
        if buffer.tell() >= _CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    title: str,
    classification: int,
    made_by: str,
    made_at: datetime,
    note: str = "",
    zone: ZoneInfo | None = None,
) -> IO[bytes]:
    """The table as a workbook of one sheet, in a temporary file at its beginning.

    `classification` is the highest of the rows; `made_at` carries a zone. Raises
    TooManyRowsError when the rows do not fit.
    """
    sheet = Sheet(title, columns, rows, note)
    return write_book(
        [sheet], title=title, classification=classification, made_by=made_by, made_at=made_at, zone=zone
    )


def write_book(
    sheets: Sequence[Sheet],
    *,
    title: str,
    classification: int,
    made_by: str,
    made_at: datetime,
    zone: ZoneInfo | None = None,
) -> IO[bytes]:
    """A workbook of one or more sheets; equal input gives equal bytes."""
    zone = zone or _mission_zone()
    made = in_zone(made_at, zone).strftime("%Y-%m-%d %H:%M %z")
    # The caller closes it; a context manager here would close it too early.
    target = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=1024 * 1024))  # noqa: SIM115
    try:
        # The writer leaves its own temporary files behind when it is given up half way.
        with tempfile.TemporaryDirectory() as folder:
            book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})
            book.set_properties({"title": clean(title), "author": clean(made_by), "created": _utc(made_at)})
            formats = {name: book.add_format({**_BASE, **look}) for name, look in _LOOKS.items()}
            names: set[str] = set()
            for sheet in sheets:
                about = " · ".join(filter(None, [title, sheet.note, made_by, made]))
                page = book.add_worksheet(_sheet_name(sheet.name, names))
                _Page(page, sheet, zone, formats).fill(marking(classification), about)
            book.close()
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


class _Page:
    """One sheet while it is written, top to bottom."""

    def __init__(self, page: Any, sheet: Sheet, zone: ZoneInfo, formats: Mapping[str, Any]) -> None:
        self.page, self.sheet, self.zone, self.formats = page, sheet, zone, formats
        self.of_column = [formats.get(column.kind, formats["text"]) for column in sheet.columns]

    def fill(self, mark: Marking, about: str) -> None:
        self._set_up(mark)
        self._top(mark, about)
        last = _HEAD
        for row in self.sheet.rows:
            last += 1
            if last >= MOST_ROWS:
                raise TooManyRowsError(MOST_ROWS - _HEAD - 1)
            for place, column in enumerate(self.sheet.columns):
                self._cell(last, place, row[column.key])
        self.page.autofilter(_HEAD, 0, last, max(len(self.sheet.columns) - 1, 0))

    def _set_up(self, mark: Marking) -> None:
        page = self.page
        for place, column in enumerate(self.sheet.columns):
            page.set_column(place, place, column.width or _WIDTHS[column.kind])
        page.freeze_panes(_HEAD + 1, 0)
        page.repeat_rows(_HEAD)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        words = mark.words.replace("&", "&&")
        page.set_header(f"&C&B{words}")
        page.set_footer(f"&C&B{words}&R&P / &N")

    def _top(self, mark: Marking, about: str) -> None:
        page, formats = self.page, self.formats
        page.write_string(0, 0, inert(mark.words), formats[mark.tone])
        for place in range(1, len(self.sheet.columns)):
            page.write_blank(0, place, None, formats[mark.tone])
        page.write_string(1, 0, inert(about), formats["about"])
        for place, column in enumerate(self.sheet.columns):
            heading = f"{column.heading} ({self.zone.key})" if column.kind == "moment" else column.heading
            page.write_string(_HEAD, place, inert(heading), formats["head"])

    def _cell(self, row: int, place: int, value: object) -> None:
        if value is None:
            return
        look = self.of_column[place]
        if isinstance(value, bool):
            self.page.write_string(row, place, yes_or_no(value), look)
        elif isinstance(value, int | float | Decimal) and _is_exact(value):
            self.page.write_number(row, place, value, look)
        elif isinstance(value, datetime):
            self._moment(row, place, in_zone(value, self.zone))
        elif isinstance(value, date) and value >= _FIRST_DAY:
            self.page.write_datetime(row, place, value, self.formats["date"])
        else:
            self._text(row, place, clean(str(value)), look)

    def _moment(self, row: int, place: int, moment: datetime) -> None:
        if moment.date() >= _FIRST_DAY:
            self.page.write_datetime(row, place, moment.replace(tzinfo=None), self.formats["moment"])
        else:
            self.page.write_string(row, place, moment.isoformat(), self.formats["text"])

    def _text(self, row: int, place: int, text: str, look: Any) -> None:
        if is_telephone(text):
            self.page.write_string(row, place, text, self.formats["telephone"])
        else:
            self.page.write_string(row, place, inert(text), look)


def _is_exact(value: float | Decimal) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.normalize().as_tuple().digits) <= 15  # noqa: PLR2004
    return abs(value) < _MOST_EXACT


_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "grid": {},
    "choice": {},
    "integer": {"num_format": "0"},
    "decimal": {"num_format": "General"},
    "date": {"num_format": "d mmm yyyy", "align": "left"},
    "moment": {"num_format": "d mmm yyyy hh:mm", "align": "left"},
    # The mark of Excel's own leading apostrophe: text, also after someone edits the cell.
    "telephone": {"quote_prefix": True, "num_format": "@"},
    "about": {"font_color": "#4A5866", "font_size": 10},
    "head": {"bold": True, "bottom": 1, "bg_color": "#E9EEF2", "text_wrap": True},
    "neutral": {"bold": True, "bg_color": "#E9EEF2", "font_color": "#14202B"},
    "amber": {"bold": True, "bg_color": "#F3DDB0", "font_color": "#4D3300"},
    "red": {"bold": True, "bg_color": "#B3261E", "font_color": "#FFFFFF"},
}


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes, once only in the book.

    At most 31 characters, none of `[]:*?/\\`, no apostrophe at its ends, not "History".
    """
    words = " ".join(re.sub(r"[\[\]:*?/\\]", " ", clean(name)).split())
    base = words.strip(" '")[:31].strip(" '") or _("Sheet")
    name, number = base, 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        ending = f" {number}"
        name = base[: 31 - len(ending)].rstrip() + ending
    taken.add(name.casefold())
    return name


def file_name(title: str, *, classification: int, made_at: datetime, ending: str) -> str:
    """A name for a file that leaves the portal: classification, title and day, as `ending` says its kind.

    ASCII letters, digits, space, dot and hyphen only, so that no system trips over it.
    """
    mark = marking(classification).words.capitalize()
    day = in_zone(made_at, _mission_zone()).date().isoformat()
    told = re.sub("[\u2010-\u2015]", "-", f"{mark} {title[:80]} {day}")
    # Accents go, their letters stay.
    words = unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9.-]+", " ", words)
    return f"{words.strip(' .')}.{ending}"


def _utc(moment: datetime) -> datetime:
    return in_zone(moment, ZoneInfo("UTC")).replace(tzinfo=None)


def _mission_zone() -> ZoneInfo:
    return get_default_timezone()
