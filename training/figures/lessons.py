"""Open lessons, by age."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from training.figures.figure import Bar, Figure, Reckoned
from training.models import Lesson

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# From and below so many days; the last has no end.
BANDS: list[tuple[int, int | None]] = [(0, 30), (30, 90), (90, 180), (180, None)]


def open_lessons(person: Person, today: date) -> Reckoned:
    rows = list(
        Lesson.objects.visible_to(person)
        .open()
        .only("pk", "reference", "classification", "created_at", "state", "due_on")
        .order_by()
    )
    ages = [(today - timezone.localtime(row.created_at).date()).days for row in rows]
    counts = [sum(low <= age and (high is None or age < high) for age in ages) for low, high in BANDS]
    longest = max(counts, default=0) or 1
    bars = [
        Bar(_words(low, high), 100 * count // longest, str(count), count, url=_address(low, high, today))
        for (low, high), count in zip(BANDS, counts, strict=True)
    ]
    old = sum(age >= BANDS[-1][0] for age in ages)
    answer = ""
    if rows:
        words = ngettext(
            "%(old)d of %(every)d open lesson is older than half a year.",
            "%(old)d of %(every)d open lessons are older than half a year.",
            len(rows),
        )
        answer = words % {"old": old, "every": len(rows)}
    return Reckoned(
        answer=answer,
        period=_("Today"),
        bars=bars if rows else [],
        url=f"{reverse('lessons')}?open=1",
        label=_("Open lessons"),
        records=rows,
    )


def _words(low: int, high: int | None) -> str:
    if high is None:
        return _("%(low)d days and more") % {"low": low}
    if not low:
        return _("Less than %(high)d days") % {"high": high}
    return _("%(low)d–%(high)d days") % {"low": low, "high": high - 1}


def _address(low: int, high: int | None, today: date) -> str:
    """The list of lessons, narrowed to those of this age."""
    address = f"{reverse('lessons')}?open=1&until={today - timedelta(days=low)}"
    if high is not None:
        address += f"&since={today - timedelta(days=high - 1)}"
    return address


OPEN_LESSONS = Figure(
    "lessons",
    gettext_lazy("Do we act on what we learn?"),
    gettext_lazy(
        "Lessons that are neither learned nor dropped, by days since they were written down. Counted are "
        "lessons that you may read."
    ),
    open_lessons,
)
