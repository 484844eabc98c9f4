"""Guidance that is overdue for review, by how long."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from training.figures.figure import Bar, Figure, Reckoned
from training.models import Guidance

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# From and below so many days after the review was due; the last has no end.
BANDS: list[tuple[int, int | None]] = [(1, 31), (31, 91), (91, None)]


def guidance_overdue(person: Person, today: date) -> Reckoned:
    rows = list(
        Guidance.objects.visible_to(person)
        .in_force()
        .only("pk", "reference", "classification", "review_due_on", "state")
        .order_by()
    )
    late = [(today - row.review_due_on).days for row in rows if row.review_due_on is not None]
    counts = [sum(low <= days and (high is None or days < high) for days in late) for low, high in BANDS]
    longest = max(counts, default=0) or 1
    url = f"{reverse('guidance_register')}?review_overdue=1"
    bars = [
        Bar(_words(low, high), 100 * count // longest, str(count), count, url=url if count else "")
        for (low, high), count in zip(BANDS, counts, strict=True)
    ]
    answer = ""
    if rows:
        words = ngettext(
            "%(late)d of %(every)d document in force is overdue for review.",
            "%(late)d of %(every)d documents in force are overdue for review.",
            len(rows),
        )
        answer = words % {"late": sum(counts), "every": len(rows)}
    return Reckoned(
        answer=answer,
        period=_("Today"),
        bars=bars if rows else [],
        url=url,
        label=_("Which are overdue"),
        records=rows,
    )


def _words(low: int, high: int | None) -> str:
    if high is None:
        return _("More than %(days)d days") % {"days": low - 1}
    if low == 1:
        return _("Up to %(days)d days") % {"days": high - 1}
    return _("%(low)d–%(high)d days") % {"low": low, "high": high - 1}


GUIDANCE_OVERDUE = Figure(
    "guidance",
    gettext_lazy("Is our guidance up to date?"),
    gettext_lazy(
        "Documents in force whose day of review has passed, by days since. Counted are documents that you "
        "may read."
    ),
    guidance_overdue,
)
