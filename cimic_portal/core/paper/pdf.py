"""Documents as PDF, set by Typst.

What people typed reaches the template as JSON, never as markup, so that no sign in it can mean
anything. A template can read nothing outside `templates/reports/`, uses no packages and sees only
the fonts of pinned wheels, so that equal input gives equal bytes on every machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fontpkg_ibm_plex_sans_arabic
import manimgx_fonts
import typst
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cimic_portal.core.errors import ProgrammingMistakeError
from cimic_portal.core.templatetags.moments import day_text, moment_text

from .marking import marking

if TYPE_CHECKING:
    from typst import PDFStandard

# PDF/A-2a for the archive and PDF/UA-1 for screen readers: Typst refuses to write what breaks them.
STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
# The footer has one line for the filter; the head of the document shows it whole.
_FOOTER_LENGTH = 110
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Controls, halves of surrogate pairs, what is no character, and the signs that turn the direction
# of the text after them: a name must not be able to mirror the line it stands in.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def make_pdf(
    template: str,
    data: Mapping[str, object],
    *,
    classification: int,
    title: str,
    made_by: str,
    made_at: datetime,
    period: str,
    filters: str,
    stamp: str = "",
    language: str = "en",
) -> bytes:
    """The PDF of `templates/reports/<template>.typ` filled with `data`.

    `data` may hold texts, numbers, truth values, None, dates, moments, mappings, sequences and
    dataclasses; moments and dates arrive in the template as words on the mission's clock.
    `classification` is the highest of the sources. `made_at` carries a zone and is the document's
    own time stamp. `period` and `filters` are words; empty ones are left out. `stamp` stands on every
    page of what does not hold: a draft, or what is superseded. A character that no font has is drawn
    as a box and still copies as itself; such a document says so, and is tagged but not PDF/A.
    """
    paper = {
        "title": title,
        "made_by": made_by,
        "made_at": made_at,
        "period": period,
        "filters": filters,
        "filters_short": _shortened(filters, _FOOTER_LENGTH - len(period)),
        "stamp": stamp,
        "mission": str(settings.MISSION_NAME),
        "language": language,
        "marking": marking(classification),
        "fonts": _families(),
        "words": _words(made_by, moment_text(made_at)),
        "undrawn": "",
    }
    try:
        return _set(template, paper, data, made_at, STANDARDS)
    except typst.TypstError as error:
        if "could not be displayed with font" not in error.message:
            raise
    paper["undrawn"] = _("Some characters are not in the fonts of this document and stand as boxes.")
    return _set(template, paper, data, made_at, [])


def _set(
    template: str,
    paper: Mapping[str, object],
    data: Mapping[str, object],
    made_at: datetime,
    standards: list[PDFStandard],
) -> bytes:
    folder = reports_folder()
    if not _NAME.fullmatch(template):
        raise ProgrammingMistakeError(f"Not the name of a report template: {template!r}")
    return typst.compile(
        folder / f"{template}.typ",
        root=folder,
        font_paths=_fonts(),
        # Not the user's own folders: a template imports its neighbours and nothing else.
        package_path=folder / "packages",
        package_cache_path=folder / "packages",
        sys_inputs={"paper": as_json(paper), "data": as_json(data)},
        pdf_standards=standards,
        # Typst takes whole seconds only.
        timestamp=made_at.astimezone(UTC).replace(microsecond=0),
    )


def reports_folder() -> Path:
    """Where the templates stand, and the only folder that they can read."""
    return Path(settings.BASE_DIR) / "templates" / "reports"


def as_json(value: object) -> str:
    """The value as JSON for a template; TypeError for what has no form on paper."""
    return json.dumps(_simple(value), ensure_ascii=False)


def literal(text: str) -> str:
    """The text as it can be printed: one kind of line end, nothing that has no shape."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def _simple(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return moment_text(value) if isinstance(value, datetime) else day_text(value)
    if isinstance(value, str | Promise):
        return literal(str(value))
    if is_dataclass(value):
        return {field.name: _simple(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _simple(entry) for key, entry in value.items()}
    if isinstance(value, Sequence):
        return [_simple(entry) for entry in value]
    raise TypeError(f"No form on paper for {type(value).__name__}")


def _shortened(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: max(most - 1, 0)].rstrip() + "…"


def _words(made_by: str, made_at: str) -> dict[str, str]:
    """What the frame itself says, in the reader's language."""
    return {
        "page": _("Page {page} of {pages}"),
        "made": _("Made by {made_by}, {made_at}").format(made_by=made_by, made_at=made_at),
        "period": _("Period"),
        "filter": _("Filter"),
        "classification": _("Classification"),
        "made_by": _("Made by"),
        "made_at": _("Made"),
        "figure": _("Figure"),
        "table": _("Table"),
    }


@cache
def _fonts() -> typst.Fonts:
    noto = Path(manimgx_fonts.__file__).parent
    arabic = Path(fontpkg_ibm_plex_sans_arabic.__file__).parent / "files"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[noto, arabic])


# Noto builds Arabic letters from a body and dots, which copy as two letters; Plex draws them whole.
_RANKS = {"Noto Sans": 0, "IBM Plex Sans Arabic": 1, "Noto Sans Symbols": 3, "Noto Emoji": 4}


@cache
def _families() -> list[str]:
    """Every family in one fixed order: Latin, Arabic, other scripts, symbols, pictures, the rest.

    The order decides which font draws a character that several have; the order of a folder does
    not have to be the same everywhere. Typst's own fonts come last: they have what Noto lacks of
    the signs of mathematics.
    """

    def rank(name: str) -> tuple[int, str]:
        return _RANKS.get(name, 2 if name.startswith("Noto") else 5), name

    return sorted(_fonts().families(), key=rank)
