"""Which rows: the named filters of training. Each starts from `visible_to`."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, FloatField, Q, Value, When
from django.utils import timezone

from cimic_portal.core.sharing.querysets import SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Lesson  # noqa: F401 - named in strings

OPEN = ("observed", "submitted", "identified", "action", "changed")
# What is offered to others as a lesson: it was released, and not dropped.
STANDING = ("identified", "action", "changed", "learned")
# The index of the search is on this, as it stands here.
WORDS = SearchVector("title", "observation", "recommendation", config="simple")
_LONG_WORD = re.compile(r"\w{4,}")
_SAYS_NOTHING = frozenset(
    [
        "about",
        "after",
        "again",
        "against",
        "along",
        "also",
        "around",
        "before",
        "between",
        "during",
        "each",
        "from",
        "into",
        "other",
        "over",
        "since",
        "than",
        "that",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "those",
        "through",
        "towards",
        "under",
        "until",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "within",
        "without",
    ]
)


def words_of(text: str) -> set[str]:
    """The words by which two texts are held alike: of four letters and more, in small letters."""
    return set(_LONG_WORD.findall(text.lower())) - _SAYS_NOTHING


class LessonQuerySet(SharedQuerySet["Lesson"]):
    def standing(self) -> Self:
        return self.filter(state__in=STANDING)

    def open(self) -> Self:
        """Neither learned nor dropped."""
        return self.filter(state__in=OPEN)

    def waiting_for(self, person: Person) -> Self:
        """To release, or whose change is to be validated, by a position of the person's."""
        asked = self.filter(state__in=("submitted", "changed"), approver__in=person.access.positions)
        return asked.exclude(state="submitted", author=person).exclude(state="changed", changed_by=person)

    def followed_by(self, person: Person) -> Self:
        """In action, followed up by a position that the person holds or deputises for."""
        return self.filter(state="action", owner__in=person.access.positions)

    def unfinished_of(self, person: Person) -> Self:
        return self.filter(state="observed", author=person)

    def overdue(self, today: date | None = None) -> Self:
        """In action, and the day by which it was to be done is past; days of the mission's calendar."""
        return self.filter(state="action", due_on__lt=today or timezone.localdate())

    def like(self, *, kind: int | None, areas: Collection[int], words: Collection[str]) -> Self:
        """Those that may be of use where a type of operation, areas (ids) or words are the same.

        Annotated with `points`, the most alike first, then the newest: three for the type, which carries over
        from place to place, two for the area, half a point for each word. One shared word alone is chance,
        and not enough.
        """
        asked = [SearchQuery(word, search_type="raw", config="simple") for word in sorted(words)]
        same = [(Q(kind=kind), 3.0)] if kind else []
        same += [(Q(area__in=list(areas)), 2.0)] if areas else []
        same += [(Q(words=word), 0.5) for word in asked]
        if not same:
            return self.none()
        # Found by indexes first, and then counted.
        alike = reduce(or_, (condition for condition, _points in same))
        points = sum(
            (Case(When(condition, then=Value(worth)), default=Value(0.0)) for condition, worth in same),
            Value(0.0, output_field=FloatField()),
        )
        found = self.alias(words=WORDS).filter(alike).annotate(points=points)
        return found.filter(points__gte=1.0).order_by("-points", "-published_at", "-pk")
