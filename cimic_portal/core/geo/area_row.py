"""One area as a file states it, whatever the spelling of the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .boundary import checked_geometry
from .errors import BadRow, BoundaryError

MAX_NAME = 200
MAX_PCODE = 24
DEEPEST = 9
_PCODE = re.compile(r"[A-Z0-9][A-Z0-9_-]*", re.ASCII)
# Spellings of the Common Operational Datasets: ADM1_PCODE, adm1_name, admin1Pcod, ADM1_FR …
_LEVELLED = re.compile(r"adm(?:in)?(\d)_?(pcode|pcod|code|name(?:_?[a-z]{2})?|[a-z]{2})")
_PLAIN = {
    "pcode": ("pcode", "p_code", "p-code"),
    "name": ("name",),
    "level": ("level", "admin_level", "adm_level"),
    "parent": ("parent_pcode", "parent"),
    "country": ("country_pcode", "country_code", "iso3", "iso2"),
    "country_name": ("country", "country_name"),
    "valid_from": ("valid_from", "validon", "valid_on"),
}
# Which of several languages names the area in the portal.
_NAMES = ("name", "en", "name_en", "nameen", "fr", "name_fr", "namefr")


class RowError(ValueError):
    """What is wrong with one row, in words."""


@dataclass(frozen=True)
class AreaRow:
    """What one row says; None where it says nothing. `where` tells people where it stands."""

    where: str
    pcode: str
    name: str
    level: int | None = None
    parent: str | None = None
    country: str | None = None
    country_name: str | None = None
    valid_from: date | None = None
    geometry: dict[str, Any] | None = None


def read_row(where: str, properties: Mapping[str, Any]) -> AreaRow | BadRow:
    """One row from its named values, or what is wrong with it."""
    stated = _stated(properties)
    pcode = str(stated.get("pcode", "")).upper()
    try:
        if not pcode:
            raise RowError(_("The P-code is missing."))
        name = _name(stated.get("name", ""))
        return AreaRow(
            where=where,
            pcode=_code(pcode),
            name=name,
            level=_level(stated.get("level")),
            parent=_code(stated["parent"].upper()) if "parent" in stated else None,
            country=stated["country"].upper() if "country" in stated else None,
            country_name=_name(stated["country_name"]) if "country_name" in stated else None,
            valid_from=_date(stated.get("valid_from")),
        )
    except RowError as error:
        return BadRow(where, pcode, str(error))


def drawn_row(where: str, properties: Mapping[str, Any], geometry: Any) -> AreaRow | BadRow:
    """The same with its boundary, a GeoJSON geometry."""
    row = read_row(where, properties)
    if isinstance(row, BadRow):
        return row
    try:
        return replace(row, geometry=checked_geometry(geometry))
    except BoundaryError as error:
        return BadRow(where, row.pcode, str(error))


def _stated(properties: Mapping[str, Any]) -> dict[str, str]:
    """The values under the portal's own names, as text; what is empty is left out."""
    texts = {str(key).strip().lower(): _text(value) for key, value in properties.items()}
    texts = {key: value for key, value in texts.items() if value}
    stated = {
        ours: next(texts[key] for key in keys if key in texts)
        for ours, keys in _PLAIN.items()
        if any(key in texts for key in keys)
    }
    return stated if "pcode" in stated else stated | _levelled(texts)


def _levelled(texts: Mapping[str, str]) -> dict[str, str]:
    """The deepest area that a row of the form ADM0 … ADMn names, with its parent and country."""
    codes: dict[int, str] = {}
    names: dict[int, dict[str, str]] = {}
    for key, value in texts.items():
        if match := _LEVELLED.fullmatch(key):
            level, what = int(match[1]), match[2]
            if what in {"pcode", "pcod", "code"}:
                codes[level] = value
            else:
                names.setdefault(level, {})[what] = value
    # A name below the deepest code is that of an area whose code was forgotten, not of the one above.
    level = max(codes, default=0)
    if not codes or max(names, default=0) > level:
        return {}
    stated = {"pcode": codes[level], "level": str(level), "name": _best(names.get(level, {}))}
    if level > 0 and level - 1 in codes:
        stated["parent"] = codes[level - 1]
    if 0 in codes:
        stated |= {"country": codes[0], "country_name": _best(names.get(0, {}))}
    return {key: value for key, value in stated.items() if value}


def _best(names: Mapping[str, str]) -> str:
    for key in (*_NAMES, *sorted(names)):
        if key in names:
            return names[key]
    return ""


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return unicodedata.normalize("NFC", " ".join(str(value).split()))


def _name(text: str) -> str:
    if not text:
        raise RowError(_("The name is missing."))
    if len(text) > MAX_NAME:
        raise RowError(_("The name is longer than %(limit)d characters.") % {"limit": MAX_NAME})
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise RowError(_("The name holds a character that cannot be shown."))
    return text


def _code(code: str) -> str:
    if len(code) > MAX_PCODE or not _PCODE.fullmatch(code):
        raise RowError(
            _("“%(code)s” is not a P-code: letters, digits, dash and underscore, at most %(limit)d.")
            % {"code": code[:40], "limit": MAX_PCODE}
        )
    return code


def _level(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.removesuffix(".0")
    if not re.fullmatch(r"[0-9]", digits):
        raise RowError(
            _("“%(level)s” is not an admin level from 0 to %(deepest)d.")
            % {"level": text[:20], "deepest": DEEPEST}
        )
    return int(digits)


def _date(text: str | None) -> date | None:
    """The day of an ISO date; of a date with a time, its day."""
    if text is None:
        return None
    day = text.split("T")[0].split(" ")[0].replace("/", "-")
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise RowError(_("“%(date)s” is not a date such as 2015-06-15.") % {"date": text[:30]}) from error
