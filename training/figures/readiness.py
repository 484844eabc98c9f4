"""Readiness over time: recomputed for the end of each month, not stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
from training.readiness.reading import Asked, held_by
from training.readiness.reckon import Rule, is_valid

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.readiness.people import Who
    from training.readiness.reading import Holdings

MONTHS = 12


def month_ends(today: date) -> Iterator[date]:
    """The last days of the eleven months before this one, and today."""
    first = today.replace(day=1)
    for back in range(MONTHS - 1, 0, -1):
        yield first - relativedelta(months=back - 1, days=1)
    yield today


# By position, the courses that it asks, and whether at all times.
Carried = Mapping[int, Mapping[int, bool]]


def strictest(rules: Iterable[Rule]) -> dict[int, bool]:
    """The courses that rules ask, each with whether any of them asks it at all times."""
    found: dict[int, bool] = {}
    for rule in rules:
        found[rule.course] = found.get(rule.course, False) or rule.always
    return found


def is_ready(who: Who, carried: Carried, held: Holdings, day: date) -> bool:
    """Whether the person had on the day all that the posts held then ask; ends at the first that lacks."""
    record = who.record.pk
    return all(
        is_valid(held.get((record, course), ()), day, always=always)
        for post in who.posts
        if post.lasts(day)
        for course, always in carried[post.position].items()
    )


def share_ready(people: People, carried: Carried, held: Holdings, day: date) -> tuple[int, int]:
    """Of how many people anything was asked by the posts held on the day, and how many were ready."""
    asked = [who for who in people.shown if any(carried[post.position] for post in who.serving(day))]
    return len(asked), sum(is_ready(who, carried, held, day) for who in asked)


def readiness_over_time(person: Person, today: date) -> Reckoned:
    people = read_people(person, Tree())
    asked = Asked()
    carried = {position: strictest(rules) for position, rules in asked.by_position(people.shown).items()}
    courses = {rule.course for rule in asked.rules}
    held = held_by(Qualification.objects.visible_to(person), people.shown, courses)
    counts = [(day, *share_ready(people, carried, held, day)) for day in month_ends(today)]
    points = [Point(format_date(day, "M Y"), 100 * ready // every) for day, every, ready in counts if every]
    _day, every, ready = counts[-1]
    answer = ""
    if every:
        answer = _("%(share)d %% of %(people)d people are ready today.") % {
            "share": 100 * ready // every,
            "people": every,
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
        "Share of people who on that day held every qualification that their posts ask; of whom nothing was "
        "asked is left out. Counted are those "
        "whose training records you may read now, as far as they held a post then; by the requirements in "
        "force today."
    ),
    readiness_over_time,
)
