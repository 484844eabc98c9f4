"""Reading and writing positions: every accepted form, every refusal in words."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cimic_portal.core.geo import GeoPosition, PositionError, parse_position, to_mgrs

BANGUI = GeoPosition.of("4.360000", "18.550000")


def metres_between(one: GeoPosition, lat: float, lon: float) -> float:
    """Great-circle distance on a sphere, good to 0.5 percent over metres."""
    phi1, phi2 = math.radians(one.lat), math.radians(lat)
    half = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon - float(one.lon)) / 2) ** 2
    )
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


@pytest.mark.parametrize(
    "text",
    [
        "4.36, 18.55",
        "4.36,18.55",
        "4.36 18.55",
        "4.360000;18.550000",
        "4.36/18.55",
        "+4.36, +18.55",
        "(4.36, 18.55)",
        "4.36°, 18.55°",
        "4,36 18,55",
        "4,36; 18,55",
        "4.36N 18.55E",
        "4.36 n, 18.55 e",
        "18.55E 4.36N",
        "N4.36 E18.55",
        "E 18.55 N 4.36",
        "4°21'36\"N 18°33'00\"E",
        "4° 21\u2032 36\u2033 N, 18° 33\u2032 0\u2033 E",
        "4°21’36”N 18°33’E",
        "N 4°21.6' E 18°33.0'",
        "04-21-36N 018-33-00E",
        "4 21 36 18 33 0",
        "4 21.6, 18 33",
        "4:21:36N 18:33:00E",
        "042136N0183300E",
        "042136N 0183300E",
        "lat 4.36 lon 18.55",
        "Latitude: 4.36, Longitude: 18.55",
        "lon: 18.55; lat: 4.36",
        "geo:4.36,18.55",
        "geo:4.36,18.55?z=12",
        "https://www.google.com/maps/@4.36,18.55,15z",
        "https://maps.google.com/?q=4.36,18.55",
        "https://www.google.com/maps/search/?api=1&query=4.36%2C18.55",
        "https://www.google.com/maps/place/X/@1.0,2.0,17z/data=!3d4.36!4d18.55",
        "https://www.openstreetmap.org/?mlat=4.36&mlon=18.55#map=12/4.3/18.5",
        "https://www.openstreetmap.org/#map=12/4.36/18.55",
        "  4.36,\u00a018.55 ",
    ],
)
def test_degrees_are_read(text: str) -> None:
    assert parse_position(text) == BANGUI


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("4.36S 18.55W", "-4.36", "-18.55"),
        ("-4.36, -18.55", "-4.36", "-18.55"),
        ("−4.36, −18.55", "-4.36", "-18.55"),
        ("0°30'S 0°30'W", "-0.5", "-0.5"),
        ("-0 30, -0 30", "-0.5", "-0.5"),
        ("0421N 01833W", "4.35", "-18.55"),
        ("4, 36", "4", "36"),
        ("90, 180", "90", "180"),
        ("-90, -180", "-90", "-180"),
        ("0,0000004 0,0", "0", "0"),
    ],
)
def test_signs_and_ends_of_the_range_are_read(text: str, lat: str, lon: str) -> None:
    assert parse_position(text) == GeoPosition.of(lat, lon)


@pytest.mark.parametrize(
    "text",
    [
        "34NBK2807782362",
        "34n bk 28077 82362",
        "34N BK 2807782362",
        "34NBK 28077 82362",
        " 34N  BK 28077  82362 ",
    ],
)
def test_grid_is_read_in_any_spelling(text: str) -> None:
    position = parse_position(text)
    assert position.mgrs == "34N BK 28077 82362"
    assert metres_between(position, 4.36, 18.55) < 1


@pytest.mark.parametrize(
    ("digits", "size"),
    [("2 8", 10_000), ("28 82", 1000), ("280 823", 100), ("2807 8236", 10), ("28077 82362", 1)],
)
def test_coarse_grid_names_the_middle_of_its_square(digits: str, size: int) -> None:
    position = parse_position(f"34N BK {digits}")
    assert position.grid(len(digits) // 2) == f"34N BK {digits}"
    assert metres_between(position, 4.36, 18.55) <= size


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a grid reference"),
        ("  ", "Type a grid reference"),
        ("Bimbo market", "was not understood"),
        ("4.36", "needs two numbers"),
        ("4.36, 18.55, 400", "found 3"),
        ("1 2 3 4 5", "was not understood"),
        ("4,36", "can be one number or two"),
        ("4,36,18,55", "can be one number or two"),
        ("94.36, 18.55", "Latitude 94.36 is outside −90 to 90. Were the two numbers swapped?"),
        ("184, 18", "Latitude 184 is outside −90 to 90."),
        ("4.36, 190", "Longitude 190 is outside −180 to 180."),
        ("4°61'N 18°33'E", "Minutes and seconds run from 0 to 59"),
        ("4.5°21'N 18°33'E", "Only the last"),
        ("-4.36S 18.55E", "either a minus sign or the letter S"),
        ("4.36N 18.55N", "One number needs N or S"),
        ("4.36N 18.55", "was not understood"),
        ("lat 4 lat 5", "labelled alike"),
        ("34N", "is a zone alone"),
        ("34N BK", "square of 100 km"),
        ("34N BK 123", "equally many digits; these have 1 and 2"),
        ("34N BK 123 45678", "equally many digits; these have 3 and 5"),
        ("34N BK 123456 123456", "at most five digits"),
        ("34N BK 1 2 3", "two groups of digits"),
        ("61N BK 1234 1234", "Zone 61 does not exist"),
        ("34I BK 1234 1234", "Band I does not exist"),
        ("34N ZZ 1234 1234", "There is no square ZZ in 34N"),
        ("34N BR 12345 67890", "band P and not N. Check the letters, or write 34P BR."),
        ("34٤ NBK", "was not understood"),
        ("9" * 301, "too long"),
        ("nan, nan", "was not understood"),
    ],
)
def test_what_is_no_position_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(PositionError) as refusal:
        parse_position(text)
    assert says in str(refusal.value)


def test_swap_is_suggested_only_where_it_would_help() -> None:
    with pytest.raises(PositionError) as refusal:
        parse_position("184, 18")
    assert "swapped" not in str(refusal.value)


@pytest.mark.parametrize("pair", [("nan", "1"), ("1", "inf"), ("x", "1"), (float("nan"), 1.0), ("", "1")])
def test_a_pair_that_is_no_number_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(PositionError, match="must be numbers"):
        GeoPosition.of(*pair)


@given(lat=st.floats(-79.9999, 83.9999), lon=st.floats(-180, 180))
@example(lat=0.0, lon=0.0)
@example(lat=-1e-9, lon=0.0)  # a hair south of the equator
@example(lat=-0.0000006, lon=179.9999999)
@example(lat=8.0, lon=18.0)
@example(lat=60.5, lon=5.0)  # western Norway, where a zone is wider
@example(lat=75.0, lon=20.0)  # Svalbard
def test_grid_and_back_stays_within_a_metre(lat: float, lon: float) -> None:
    grid = to_mgrs(lat, lon)
    back = parse_position(grid)
    assert metres_between(back, lat, lon) <= 1
    assert parse_position(grid.replace(" ", "").lower()) == back


@given(lat=st.one_of(st.floats(84, 90), st.floats(-90, -80.0001)), lon=st.floats(-180, 180))
def test_polar_grid_and_back_stays_within_two_metres(lat: float, lon: float) -> None:
    assert metres_between(parse_position(to_mgrs(lat, lon)), lat, lon) <= 2


@given(lat=st.floats(-79.9999, 83.9999), lon=st.floats(-180, 180), precision=st.integers(1, 5))
def test_a_shown_grid_of_any_size_is_accepted_again(lat: float, lon: float, precision: int) -> None:
    # A square cut off by the edge of its zone may have its middle in the next one: a size apart at most.
    position = parse_position(to_mgrs(lat, lon, precision))
    assert metres_between(position, lat, lon) <= 10 ** (5 - precision)


@given(lat=st.decimals(-90, 90, places=6), lon=st.decimals(-180, 180, places=6))
def test_decimal_degrees_are_read_back_exactly(lat: object, lon: object) -> None:
    position = GeoPosition.of(str(lat), str(lon))
    assert parse_position(str(position)) == position


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        parse_position(text)
    except PositionError as refusal:
        assert str(refusal)


@given(
    text=st.text(alphabet="0123456789 NSEWBK°'\".,;-+@:()/lato", max_size=30),
)
def test_no_text_of_numbers_and_letters_breaks_the_reader(text: str) -> None:
    try:
        parse_position(text)
    except PositionError as refusal:
        assert str(refusal)
