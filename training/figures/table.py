"""The figures as a plain table, for files: one line for each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cimic_portal.core.paper.sheet import Column
from training.figures.figure import Figure, Reckoned


def columns() -> list[Column]:
    return [
        Column("figure", _("Figure"), width=32),
        Column("period", _("Period"), width=36),
        Column("what", _("What"), width=36),
        Column("percent", _("Per cent"), "decimal"),
        Column("count", _("Number"), "integer"),
        Column("of", _("Out of"), "integer"),
        Column("definition", _("What is counted"), width=60),
    ]


def lines(shown: Sequence[tuple[Figure, Reckoned]]) -> Iterator[dict[str, object]]:
    """What there is nothing to count of has no line."""
    for figure, found in shown:
        head = {
            "figure": str(figure.question),
            "period": found.period,
            "definition": str(figure.definition),
            "count": None,
            "of": None,
        }
        for point in found.points:
            yield head | {"what": point.label, "percent": point.value}
        for bar in found.bars:
            percent = bar.share if bar.of else None
            yield head | {"what": bar.label, "percent": percent, "count": bar.count, "of": bar.of}
