"""What may stand in a cell of a spreadsheet: one rule for CSV and XLSX.

Text that a spreadsheet program would run as a formula is made inert with a leading
apostrophe. Programs guess in their own ways, so the rule is wide: the sign counts after
spaces, quotes and invisible characters, in its full-width forms, and inside a text after a
line break, tab or semicolon, because a program that separates by semicolons starts a new
cell there. Numbers given as numbers are never touched.
Source of the rule: OWASP, "CSV injection"; the semicolon is our own addition.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

# Excel's limit, counted in UTF-16 units.
MOST_UNITS = 32_767

Kind = Literal["text", "integer", "decimal", "date", "moment", "grid", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table on its way out.

    `key` finds the value in a row; `heading` is what people read; `width` in characters,
    where the usual one of the kind does not fit.
    """

    key: str
    heading: str
    kind: Kind = "text"
    width: int | None = None


# Before the sign: white space, quotes, apostrophes, backticks, and what does not show at all.
_BEFORE = r"[\s\"'`\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]*"
_SIGNS = r"=+\-@\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20"
_AT_START = re.compile(rf"[\t\n]|{_BEFORE}[{_SIGNS}]")
_INSIDE = re.compile(rf"([\n\t;\uFF1B]{_BEFORE})([{_SIGNS}])")
# What XML 1.0 cannot carry, and the halves of a surrogate pair, which UTF-8 cannot.
_REFUSES = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff"
_REFUSED = re.compile(f"[{_REFUSES}]")
# One class, one pass: most texts have none of these and go through as they are. An alternative
# beside the class (for a leading tab) would make the pass four times as slow.
_SUSPECT = re.compile(f"[{_SIGNS}{_REFUSES}\r]")
# "+236 70 12 34 56": digits and what people put between them cannot call a function.
_TELEPHONE = re.compile(r"\+[0-9][0-9 ()./-]{4,30}")


def is_telephone(text: str) -> bool:
    """Whether the text is a telephone number in international form, and nothing else."""
    return _TELEPHONE.fullmatch(text) is not None


def clean(text: str) -> str:
    """The text without characters that a spreadsheet file cannot carry, cut to what a cell holds."""
    if _SUSPECT.search(text):
        text = _REFUSED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # A character takes at most two units, so half the limit needs no counting.
    return text if len(text) <= MOST_UNITS // 2 else _cut(text)


def inert(text: str) -> str:
    """The text, cleaned, so that no spreadsheet program takes it or a piece of it for a formula."""
    if _SUSPECT.search(text) or text.startswith(("\t", "\n")):
        text = _INSIDE.sub(r"\1'\2", clean(text))
        if _AT_START.match(text):
            text = f"'{text}"
    return text if len(text) <= MOST_UNITS // 2 else _cut(text)


def _cut(text: str) -> str:
    units = _units(text)
    if units <= MOST_UNITS:
        return text
    note = _(" … [cut here: the full text has {count} characters]").format(count=f"{len(text):,}")
    room = (MOST_UNITS - _units(note)) * 2
    return text.encode("utf-16-le", "surrogatepass")[:room].decode("utf-16-le", "ignore") + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(value: object, zone: ZoneInfo) -> str:
    """A value as the text of a CSV cell.

    Numbers with a point; dates as `2026-11-22`; moments as ISO 8601 in `zone` with its offset;
    None as nothing; all else as inert text. A moment without a zone is a mistake of the
    caller: ValueError.
    """
    if isinstance(value, str):
        return inert(value)
    if value is None:
        return ""
    writer = _WRITERS.get(type(value))
    return inert(str(value)) if writer is None else writer(value, zone)


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The same moment on the mission's clock; ValueError when it names no zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment in a table needs a time zone.")
    return moment.astimezone(zone)


def yes_or_no(value: bool) -> str:
    """A truth value in words."""
    return _("yes") if value else _("no")


def _decimal(value: Decimal) -> str:
    return format(value, "f") if value.is_finite() else inert(str(value))


def _float(value: float) -> str:
    return repr(value) if math.isfinite(value) else inert(str(value))


_WRITERS: dict[type, Callable[..., str]] = {
    bool: lambda value, zone: yes_or_no(value),
    int: lambda value, zone: str(value),
    float: lambda value, zone: _float(value),
    Decimal: lambda value, zone: _decimal(value),
    datetime: lambda value, zone: in_zone(value, zone).isoformat(timespec="seconds"),
    date: lambda value, zone: value.isoformat(),
}
