"""What waits for a person of their own training: courses to take or to renew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.overview.waits import Waiting
from training.services.readiness_news import due_of, is_near

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.services.readiness_news import Line, Own

# Each by itself; more are one line together, so that they do not bury the rest.
MOST = 2


def readiness_waiting(person: Person) -> Iterator[Waiting]:
    """Courses that are late, or fall due or expire within thirty days."""
    own = due_of(person)
    if own is None:
        return
    lines = [line for line in own.lines if is_near(line.cell, own.readiness.day)]
    for line in lines[:MOST]:
        yield _item(own, [line], str(line.course))
    rest = lines[MOST:]
    if rest:
        words = ngettext("%(count)d more course for you", "%(count)d more courses for you", len(rest))
        yield _item(own, rest, words % {"count": len(rest)})


def _item(own: Own, lines: list[Line], title: str) -> Waiting:
    """What an operation asks is marked as high as the operation, and read with it."""
    behind = [own.who.record, *(operation for line in lines for operation in line.operations)]
    first = lines[0]
    return Waiting(
        record=max(behind, key=lambda record: record.classification),
        title=title,
        url=reverse("my_readiness"),
        sub=_("Your training"),
        label=str(first.words),
        tone=first.cell.tone,
        due=first.cell.on,
        overdue=first.cell.is_late,
    )
