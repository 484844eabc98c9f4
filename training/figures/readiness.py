"""Readiness over time: recomputed for the end of each month, not stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.figures.figure import Figure, Point, Reckoned
from training.models import Qualification
from training.readiness.people import People, Tree, read_people
from training.readiness.reading import Asked, held_by, needs_on, row_of
from training.readiness.reckon import VALID, Rule

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.readiness.reading import Holdings

MONTHS = 12


def month_ends(today: date) -> Iterator[date]:
    """The last days of the eleven months before this one, and today."""
    first = today.replace(day=1)
    for back in range(MONTHS - 1, 0, -1):
        yield first - relativedelta(months=back - 1, days=1)
    yield today


def share_ready(
    people: People, carried: Mapping[int, Sequence[Rule]], held: Holdings, day: date
) -> int | None:
    """Per cent of those who held a post on the day and then had all that is asked; None without anybody."""
    ready = total = 0
    for who in people.shown:
        if not who.serving(day):
            continue
        total += 1
        ready += row_of(who, needs_on(who, carried, day), held, day).standing in VALID
    return 100 * ready // total if total else None


def readiness_over_time(person: Person, today: date) -> Reckoned:
    people = read_people(person, Tree())
    asked = Asked()
    carried = asked.by_position(people.shown)
    courses = {rule.course for rule in asked.rules}
    held = held_by(Qualification.objects.visible_to(person), people.shown, courses)
    shares = [(day, share_ready(people, carried, held, day)) for day in month_ends(today)]
    points = [Point(format_date(day, "M Y"), share) for day, share in shares if share is not None]
    now = shares[-1][1]
    answer = ""
    if now is not None:
        answer = _("%(share)d %% of %(people)d people are ready today.") % {
            "share": now,
            "people": len(people.shown),
        }
    return Reckoned(
        answer=answer,
        period=_("The ends of the last twelve months, and today"),
        points=points,
        url=reverse("readiness"),
        label=_("Who is not"),
        records=[who.record for who in people.shown],
    )


READINESS_OVER_TIME = Figure(
    "readiness",
    gettext_lazy("Are we ready?"),
    gettext_lazy(
        "Share of people who on that day held every qualification that their posts ask. Counted are those "
        "whose training records you may read now, as far as they held a post then; by the requirements in "
        "force today."
    ),
    readiness_over_time,
)
