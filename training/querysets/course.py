"""Which courses and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.utils import timezone

from cimic_portal.core.querysets import ReferenceQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Course, Session  # noqa: F401 - named in strings


class CourseQuerySet(ReferenceQuerySet["Course"]):
    def offered(self) -> Self:
        return self.filter(is_archived=False)

    def given_by(self, person: Person) -> Self:
        """Courses of the offices in which the person holds a post or deputises."""
        return self.filter(office__in=person.access.offices)


class SessionQuerySet(ReferenceQuerySet["Session"]):
    def ahead(self, now: datetime | None = None) -> Self:
        """Planned, and not begun."""
        return self.filter(state="planned", starts_at__gt=now or timezone.now())

    def for_calendars(self) -> Self:
        """With what a calendar tells of each."""
        return self.select_related("course", "place")

    def to_mark(self, now: datetime | None = None) -> Self:
        """Over, and its results are not closed."""
        return self.filter(state="planned", ends_at__lte=now or timezone.now())

    def marked_by(self, person: Person) -> Self:
        """Those that the person marks, for the office that gives the course."""
        return self.filter(course__office__in=person.access.offices)
