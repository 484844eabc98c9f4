"""The colours of the portal: equal wherever they are written, and readable on each other."""

import re
from pathlib import Path

import pytest

from cimic_portal.core.models import Tint

SHEET = Path(__file__).parents[2] / "static" / "css" / "portal.css"
TONES = ("draft", "waiting", "running", "done", "refused")
TINTS = Tint.values

Tokens = dict[str, str]


def _tokens(block: str) -> Tokens:
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


def _block(opening: str) -> Tokens:
    """The custom properties of the first block that starts so."""
    css = SHEET.read_text()
    start = css.index(opening) + len(opening)
    return _tokens(css[start : css.index("}", start)])


LIGHT = _block(":root {")
CHOSEN_DARK = _block(':root[data-theme="dark"] {')
DEVICE_DARK = _block(':root:not([data-theme="light"]) {')
# Where dark says nothing the light value counts.
MODES = {"light": LIGHT, "dark": LIGHT | CHOSEN_DARK}

TEXT_ON_GROUND = [
    *[
        (ink, ground)
        for ink in ("ink", "quiet", "action", "action-strong")
        for ground in ("paper", "ground", "hover")
    ],
    ("action-strong", "action-tint"),
    ("action-ink", "action"),
    ("action-ink", "action-strong"),
    ("refused-ink", "refused"),
    *[(tone, f"{tone}-tint") for tone in TONES],
    *[(tone, "paper") for tone in TONES],
    ("ink", "waiting-tint"),
    ("ink", "refused-tint"),
    *[(f"level-{level}-ink", f"level-{level}") for level in (1, 2, 3)],
]
# Shapes and the edges of fields need 3:1 (WCAG 1.4.11); the marks keep the stricter figure of text.
SHAPE_ON_GROUND = [("field-line", "paper"), ("field-line", "ground")]
MARK_ON_GROUND = [(tint, "paper") for tint in TINTS]


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_channel(int(digits[place : place + 2], 16)) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_black_on_white_is_21() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


def test_dark_by_device_and_by_choice_are_the_same() -> None:
    assert CHOSEN_DARK == DEVICE_DARK
    assert set(CHOSEN_DARK) == set(LIGHT)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND + MARK_ON_GROUND)
def test_text_is_readable(mode: str, ink: str, ground: str) -> None:
    tokens = MODES[mode]
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_ON_GROUND)
def test_edges_are_seen(mode: str, shape: str, ground: str) -> None:
    tokens = MODES[mode]
    assert contrast(tokens[shape], tokens[ground]) >= 3


def test_every_used_token_is_declared() -> None:
    css = SHEET.read_text()
    declared = set(re.findall(r"--([\w-]+):", css))
    assert set(re.findall(r"var\(--([\w-]+)", css)) <= declared
