"""The military grid (MGRS) to and from latitude and longitude, WGS 84.

Source of the rules: NGA.STND.0037, Universal Grids and Grid Reference Systems.
"""

import re
import warnings

from django.utils.translation import gettext as _
from mgrs import MGRS
from mgrs.core import MGRSError

from .errors import PositionError

# The library warns where a square lies outside the band of its letter; here that is an error with words.
warnings.filterwarnings("ignore", message='Warning in "Convert_', category=RuntimeWarning)

MAX_PRECISION = 5
# Of a degree; eleven centimetres, as fine as the database keeps.
DECIMALS = 6
BANDS = "CDEFGHJKLMNPQRSTUVWX"
METRES_PER_DEGREE = 111_320
_ZONE = re.compile(r"(?P<zone>\d{1,2})(?P<band>[A-Z])(?P<square>[A-Z]{2})?(?P<digits>[\d ]*)", re.ASCII)
_POLAR = re.compile(r"(?P<band>[ABYZ])(?P<square>[A-Z]{2})(?P<digits>[\d ]*)", re.ASCII)
_grid = MGRS()


def to_mgrs(lat: float, lon: float, precision: int = MAX_PRECISION) -> str:
    """`34N BK 28077 82362` for a latitude and longitude in degrees.

    `precision` is the number of digits each of easting and northing has: 5 is one metre, 0 the
    square of 100 km. Near the poles there is no zone number (`Z AB 96454 52981`).
    """
    # A hair south of the equator the library names a square that does not exist.
    text = _grid.toMGRS(round(float(lat), DECIMALS), round(float(lon), DECIMALS), True, precision)
    head, digits = text[: len(text) - 2 * precision], text[len(text) - 2 * precision :]
    parts = [head[:-2], head[-2:], digits[:precision], digits[precision:]]
    return " ".join(part for part in parts if part)


def looks_like_mgrs(text: str) -> bool:
    """Whether the text can only be meant as a grid reference."""
    compact = _tidy(text)
    return bool(_ZONE.fullmatch(compact) or _POLAR.fullmatch(compact))


def from_mgrs(text: str) -> tuple[float, float]:
    """Latitude and longitude of the middle of the square that a grid reference names.

    The middle and not the corner, so that writing the position as a grid again gives the same
    reference. Raises `PositionError`.
    """
    compact = _tidy(text)
    match = _ZONE.fullmatch(compact) or _POLAR.fullmatch(compact)
    if match is None:
        raise PositionError(_("“%(text)s” is not a grid reference.") % {"text": text.strip()})
    parts = match.groupdict()
    zone, band, square = parts.get("zone") or "", parts["band"], parts["square"] or ""
    easting, northing = _split_digits(parts["digits"])
    _check_zone(zone, band, square)
    if not easting:
        raise PositionError(
            _("%(grid)s names a square of 100 km. Add the digits, such as %(grid)s 280 823.")
            % {"grid": f"{zone}{band} {square}"}
        )
    head = f"{zone.zfill(2) if zone else ''}{band}{square}"
    lat, lon = _middle(head, easting + northing)
    if zone:
        _check_band(zone, band, square, lat, 10 ** (MAX_PRECISION - len(easting)))
    return lat, lon


def _tidy(text: str) -> str:
    """Upper case; spaces only between the digits, where they part easting from northing."""
    compact = re.sub(r"\s+", " ", text.strip().upper())
    return re.sub(r"(?<=[A-Z]) | (?=[A-Z])", "", compact)


def _split_digits(digits: str) -> tuple[str, str]:
    groups = digits.split()
    if len(groups) == 1:
        half = len(groups[0]) // 2
        groups = [groups[0][:half], groups[0][half:]]
    if not groups:
        return "", ""
    sizes = [len(group) for group in groups]
    if len(groups) != 2:  # noqa: PLR2004 - easting and northing
        raise PositionError(_("A grid reference has two groups of digits, easting and northing."))
    if sizes[0] != sizes[1]:
        raise PositionError(
            _("Easting and northing need equally many digits; these have %(east)d and %(north)d.")
            % {"east": sizes[0], "north": sizes[1]}
        )
    if sizes[0] > MAX_PRECISION:
        raise PositionError(
            _("Easting and northing have at most five digits each; these have %(count)d.")
            % {"count": sizes[0]}
        )
    return groups[0], groups[1]


def _check_zone(zone: str, band: str, square: str) -> None:
    if zone and not 1 <= int(zone) <= 60:  # noqa: PLR2004 - UTM has 60 zones
        raise PositionError(_("Zone %(zone)s does not exist: zones run from 1 to 60.") % {"zone": zone})
    if zone and band not in BANDS:
        raise PositionError(
            _("Band %(band)s does not exist: bands run from C to X, without I and O.") % {"band": band}
        )
    if not square:
        raise PositionError(
            _("%(zone)s%(band)s is a zone alone. Add the two letters of the square and the digits.")
            % {"zone": zone, "band": band}
        )


def _middle(head: str, digits: str) -> tuple[float, float]:
    try:
        lat, lon = _grid.toLatLon(head + digits)
    except MGRSError as error:
        raise PositionError(
            _("There is no square %(square)s in %(zone)s. Check the letters.")
            % {"square": head[-2:], "zone": head[:-2]}
        ) from error
    # Half a metre beyond the date line is the other side.
    return lat, (lon + 180) % 360 - 180


def _check_band(zone: str, band: str, square: str, lat: float, size: int) -> None:
    """The letters of a square repeat every 2,000 km: one in the wrong band is a slip of the pen."""
    slack = size / METRES_PER_DEGREE
    if band in {_band(lat - slack), _band(lat), _band(lat + slack)}:
        return
    raise PositionError(
        _(
            "Square %(square)s of zone %(zone)s lies at latitude %(lat).1f, which is band %(real)s and not "
            "%(band)s. Check the letters, or write %(zone)s%(real)s %(square)s."
        )
        % {"square": square, "zone": zone, "band": band, "real": _band(lat), "lat": lat}
    )


def _band(lat: float) -> str:
    """The letter of the band of a latitude: 8 degrees each from 80 south, the last one 12."""
    return BANDS[min(max(int((lat + 80) // 8), 0), len(BANDS) - 1)]
