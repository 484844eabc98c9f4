"""Figures of the home page, computed from the records the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from liaison.models import Commitment

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

WEEKS = 12


@dataclass(frozen=True)
class Word:
    """Promises of our side: kept of those settled or overdue, week by week.

    `rate` and `before` are percentages of this period and of the one before it, None without any.
    """

    rate: int | None
    before: int | None
    total: int
    weeks: list[tuple[date, int | None]]


def keeping_our_word(person: Person, today: date | None = None) -> Word:
    """The share of our own promises that fell due and were kept, in the last twelve weeks.

    Counted are promises of engagements the reader may see, by the day they fell due: kept ones
    against kept, broken and still open ones. Released ones are left out.
    """
    day = today or timezone.localdate()
    start = day - timedelta(weeks=WEEKS)
    earliest = start - timedelta(weeks=WEEKS)
    kept, total = [0] * (2 * WEEKS), [0] * (2 * WEEKS)
    for due_on, row_kept, row_all in _due(person, earliest, day):
        week = (due_on - earliest).days // 7
        kept[week] += row_kept
        total[week] += row_all
    return Word(
        rate=_percent(sum(kept[WEEKS:]), sum(total[WEEKS:])),
        before=_percent(sum(kept[:WEEKS]), sum(total[:WEEKS])),
        total=sum(total[WEEKS:]),
        weeks=[
            (start + timedelta(weeks=n), _percent(kept[WEEKS + n], total[WEEKS + n])) for n in range(WEEKS)
        ],
    )


def _due(person: Person, since: date, until: date) -> list[tuple[date, int, int]]:
    """(day, kept, all) of our promises that fell due in `[since, until)`."""
    rows = (
        Commitment.objects.visible_to(person)
        .filter(side="ours", due_on__gte=since, due_on__lt=until)
        .exclude(state="released")
        .values_list("due_on")
        .annotate(kept=Count("pk", filter=Q(state="kept")), every=Count("pk"))
        .order_by("due_on")
    )
    return list(rows)


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
