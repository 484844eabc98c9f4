"""Small figures, drawn on the server as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

WIDTH, HEIGHT, MARGIN = 292, 64, 4


def _value(point: Any) -> float:
    return float(point["value"] if isinstance(point, dict) else point.value)


def _line(values: Sequence[float]) -> str:
    """Points of a polyline that fills the frame from left to right, the largest value on top."""
    low, high = min(0.0, *values), max(values)
    span = (high - low) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    return " ".join(
        f"{MARGIN + step * place:.1f},{HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN):.1f}"
        for place, value in enumerate(values)
    )


@register.simple_tag
def sparkline(points: Sequence[Any]) -> SafeString:
    """A line of values over time. `points`: {label, value}, oldest first; drawn from two points on.

    The picture is named by its first and last value; give the numbers as a table beside it.
    """
    if len(points) < 2:  # noqa: PLR2004 - a line needs two ends
        return SafeString("")
    values = [_value(point) for point in points]
    words = _("From %(first)s to %(last)s") % {"first": f"{values[0]:g}", "last": f"{values[-1]:g}"}
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">'
        '<path class="axis" d="M0 {}H{}"/><polyline points="{}"/></svg>',
        WIDTH,
        HEIGHT,
        words,
        HEIGHT - 1,
        WIDTH,
        _line(values),
    )
