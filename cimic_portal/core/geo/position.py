"""A point on the earth, and every way in which people write one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .errors import PositionError
from .grid import DECIMALS, MAX_PRECISION, from_mgrs, looks_like_mgrs, to_mgrs

STEP = Decimal(1).scaleb(-DECIMALS)
MAX_LATITUDE, MAX_LONGITUDE = 90, 180
# Longer texts are not positions; and no pattern below is asked to read them.
MAX_TEXT = 300

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_LINKS = [
    re.compile(rf"!3d(?P<lat>{_NUMBER})!4d(?P<lon>{_NUMBER})"),
    re.compile(rf"(?:geo:|@|[?&](?:q|ll|query|center)=)(?P<lat>{_NUMBER})(?:,|%2C) ?(?P<lon>{_NUMBER})"),
    re.compile(rf"mlat=(?P<lat>{_NUMBER})&mlon=(?P<lon>{_NUMBER})"),
    re.compile(rf"#map=\d+/(?P<lat>{_NUMBER})/(?P<lon>{_NUMBER})"),
]
_PACKED = re.compile(r"(\d{2})(\d{2})(\d{2})?([NS])[ ,/]?(\d{3})(\d{2})(\d{2})?([EW])")
_DECIMAL_COMMAS = re.compile(r"([-+]?\d+),(\d+)(?:\s*;\s*|\s+)([-+]?\d+),(\d+)")
_LABELLED = re.compile(
    r"(?P<first>LAT|LON|LNG|LONG)(?:ITUDE)?\s*[:=]?\s*(?P<one>[^A-Z]+?)[\s,;/]*"
    r"(?P<second>LAT|LON|LNG|LONG)(?:ITUDE)?\s*[:=]?\s*(?P<two>[^A-Z]+)"
)
# What phones, word processors and map sites write instead of the plain signs.
_MARKS = str.maketrans(
    dict.fromkeys("‘’\u2032\u00b4\u02b9", "'")
    | dict.fromkeys("“”\u2033\u02ba", '"')
    | dict.fromkeys("\u00ba\u02da", "°")
    | dict.fromkeys("−–", "-")
)


@dataclass(frozen=True, slots=True)
class GeoPosition:
    """Latitude and longitude in decimal degrees, WGS 84, rounded to six decimals."""

    lat: Decimal
    lon: Decimal

    @classmethod
    def of(cls, lat: float | str | Decimal, lon: float | str | Decimal) -> GeoPosition:
        """Checked and rounded; raises `PositionError` for what lies outside the earth's ranges."""
        try:
            exact = Decimal(str(lat)), Decimal(str(lon))
        except InvalidOperation as error:
            raise PositionError(_("Latitude and longitude must be numbers.")) from error
        _check_ranges(*exact)
        return cls(*(value.quantize(STEP) + 0 for value in exact))

    @property
    def mgrs(self) -> str:
        """The grid reference to one metre."""
        return self.grid()

    def grid(self, precision: int = MAX_PRECISION) -> str:
        return to_mgrs(float(self.lat), float(self.lon), precision)

    def __str__(self) -> str:
        return f"{self.lat}, {self.lon}"


def parse_position(text: str) -> GeoPosition:
    """The position that a text names.

    Read are grid references of 10 km to 1 m with or without spaces; decimal degrees (latitude
    first unless hemisphere letters or labels say otherwise; decimal commas where they cannot be
    misread); degrees, minutes and seconds; `0421N 01833E`; links of map sites and `geo:` addresses.
    Raises `PositionError` with a sentence for the person who typed it.
    """
    plain = re.sub(r"\s+", " ", text.translate(_MARKS)).strip()
    if not plain:
        raise PositionError(_("Type a grid reference, or latitude and longitude."))
    if len(plain) > MAX_TEXT:
        raise PositionError(_("This text is too long to be a position."))
    for pattern in _LINKS:
        if link := pattern.search(plain):
            return GeoPosition.of(link["lat"], link["lon"])
    if looks_like_mgrs(plain):
        return GeoPosition.of(*from_mgrs(plain))
    return _from_degrees(plain.upper().strip("()[] "))


def _from_degrees(text: str) -> GeoPosition:
    if packed := _PACKED.fullmatch(text):
        d1, m1, s1, ns, d2, m2, s2, ew = packed.groups()
        text = f"{d1} {m1} {s1 or 0} {ns} {d2} {m2} {s2 or 0} {ew}"
    if labelled := _LABELLED.fullmatch(text):
        return _from_labels(labelled)
    if commas := _DECIMAL_COMMAS.fullmatch(text):
        return GeoPosition.of(f"{commas[1]}.{commas[2]}", f"{commas[3]}.{commas[4]}")
    if re.search(r"[NSEW]", text):
        return _from_hemispheres(text)
    return _from_plain_numbers(text)


def _from_labels(match: re.Match[str]) -> GeoPosition:
    values = {"LAT" if match["first"] == "LAT" else "LON": match["one"]}
    values["LAT" if match["second"] == "LAT" else "LON"] = match["two"]
    if len(values) != 2:  # noqa: PLR2004 - both of the pair
        raise PositionError(_("Both numbers are labelled alike. One is the latitude, one the longitude."))
    return GeoPosition.of(_angle(values["LAT"]), _angle(values["LON"]))


def _from_hemispheres(text: str) -> GeoPosition:
    """`4°21'36"N 18°33'E`, letters before or after, in either order."""
    # Between digits a dash parts degrees from minutes; it is no sign.
    text = re.sub(r"(?<=\d)-(?=\d)", " ", text)
    pattern = r"([NSEW])([^NSEW]+)" if text[0] in "NSEW" else r"([^NSEW]+)([NSEW])"
    pairs = re.findall(pattern, text)
    if len(pairs) != 2 or re.sub(pattern, "", text).strip(" ,;"):  # noqa: PLR2004 - both of the pair
        raise _not_understood(text)
    found: dict[str, Decimal] = {}
    for pair in pairs:
        letter, value = pair if pair[0] in "NSEW" else pair[::-1]
        angle = _angle(value)
        if angle < 0:
            raise PositionError(
                _("Write either a minus sign or the letter %(letter)s, not both.") % {"letter": letter}
            )
        found["lat" if letter in "NS" else "lon"] = -angle if letter in "SW" else angle
    if len(found) != 2:  # noqa: PLR2004 - both of the pair
        raise PositionError(_("One number needs N or S, the other E or W."))
    return GeoPosition.of(found["lat"], found["lon"])


def _from_plain_numbers(text: str) -> GeoPosition:
    """Latitude, then longitude, without letters."""
    if re.fullmatch(r"[-+]?\d+,\d+(,[-+]?\d+,\d+)?", text):
        raise PositionError(
            _("“%(text)s” can be one number or two. Write two numbers with a point, such as 4.36, 18.55.")
            % {"text": text}
        )
    numbers = re.findall(rf"(?<![\d.]){_NUMBER}", text)
    if re.sub(rf"{_NUMBER}|[ ,;°'\"/]", "", text) or len(numbers) not in {1, 2, 3, 4, 6}:
        raise _not_understood(text)
    if len(numbers) in {1, 3}:
        raise PositionError(
            _("A position needs two numbers, latitude and longitude; found %(count)d.")
            % {"count": len(numbers)}
        )
    half = len(numbers) // 2
    return GeoPosition.of(_angle(" ".join(numbers[:half])), _angle(" ".join(numbers[half:])))


def _angle(text: str) -> Decimal:
    """Degrees from `4`, `4.36`, `4 21.6` or `4 21 36`, with or without marks."""
    numbers = re.findall(_NUMBER, text)
    if not 1 <= len(numbers) <= 3 or re.sub(rf"{_NUMBER}|[ ,;:°'\"]", "", text):  # noqa: PLR2004 - d, m, s
        raise _not_understood(text)
    if any("." in number for number in numbers[:-1]):
        raise PositionError(_("Only the last of degrees, minutes and seconds can have decimals."))
    degrees, *rest = (Decimal(number) for number in numbers)
    if any(not 0 <= part < 60 for part in rest):  # noqa: PLR2004 - minutes and seconds
        raise PositionError(_("Minutes and seconds run from 0 to 59."))
    size = abs(degrees) + sum((part / 60 ** (n + 1) for n, part in enumerate(rest)), Decimal(0))
    return -size if numbers[0].startswith("-") else size


def _not_understood(text: str) -> PositionError:
    return PositionError(
        _(
            "“%(text)s” was not understood. Write a grid reference such as 34N BK 28077 82362, or latitude "
            "and longitude such as 4.36, 18.55."
        )
        % {"text": text.strip()}
    )


def _check_ranges(lat: Decimal, lon: Decimal) -> None:
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise PositionError(_("Latitude and longitude must be numbers."))
    if abs(lat) > MAX_LATITUDE:
        message = _("Latitude %(value)s is outside −90 to 90.") % {"value": f"{lat.normalize():f}"}
        if abs(lat) <= MAX_LONGITUDE and abs(lon) <= MAX_LATITUDE:
            message += " " + _("Were the two numbers swapped?")
        raise PositionError(message)
    if abs(lon) > MAX_LONGITUDE:
        raise PositionError(
            _("Longitude %(value)s is outside −180 to 180.") % {"value": f"{lon.normalize():f}"}
        )
