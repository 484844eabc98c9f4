"""The matrix as a plain table, for files and papers: one line for each person, one column for each course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.paper.sheet import Column
from training.readiness.matrix import short_words

if TYPE_CHECKING:
    from training.readiness.reading import Readiness, Row


def columns_of(readiness: Readiness) -> list[Column]:
    return [
        Column("name", _("Name"), width=28),
        Column("post", _("Post"), width=36),
        Column("arrived", _("Arrived"), "date"),
        Column("standing", _("Together"), "choice"),
        Column("valid", _("Valid"), "integer"),
        Column("asked", _("Asked"), "integer"),
        *(Column(f"course-{course.pk}", str(course), "choice") for course in readiness.courses),
    ]


def lines_of(readiness: Readiness, rows: Sequence[Row]) -> Iterator[dict[str, object]]:
    """What is not asked of somebody is an empty cell."""
    for row in rows:
        yield {
            "name": row.who.name,
            "post": row.who.post_words,
            "arrived": row.who.arrived(readiness.day),
            "standing": str(row.standing.label),
            "valid": row.valid,
            "asked": len(row.cells),
            **{
                f"course-{course.pk}": short_words(row.cells[course.pk]) if course.pk in row.cells else ""
                for course in readiness.courses
            },
        }
