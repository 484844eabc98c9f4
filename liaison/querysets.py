"""Which rows: the named filters of liaison. Each starts from `visible_to`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Q
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from liaison.models import Attendance, Commitment, Engagement, Tasking  # noqa: F401


class EngagementQuerySet(SharedQuerySet["Engagement"]):
    def waiting_for(self, person: Person) -> Self:
        """Submitted reports that this person may release or return."""
        return self.filter(state="submitted", approver__in=person.access.positions).exclude(author=person)

    def returned_to(self, person: Person) -> Self:
        return self.filter(state="returned", author=person)

    def unfinished_of(self, person: Person) -> Self:
        """The person's own drafts, and planned meetings whose time has passed."""
        past = Q(state="planned", starts_at__lt=timezone.now())
        return self.filter(Q(state="draft") | past, author=person)

    def in_period(self, since: datetime, until: datetime) -> Self:
        """Started in `[since, until)`; aware datetimes."""
        return self.filter(starts_at__gte=since, starts_at__lt=until)


class CommitmentQuerySet(PartQuerySet["Commitment"]):
    def open(self) -> Self:
        return self.filter(state="open")

    def owed_by_offices_of(self, person: Person) -> Self:
        """Open promises of our side from engagements of the person's offices."""
        return self.filter(state="open", side="ours", engagement__owner_office__in=person.access.offices)


class AttendanceQuerySet(PartQuerySet["Attendance"]):
    def held(self) -> Self:
        """Of meetings that took place: not those that lie ahead or fell through."""
        past = self.filter(engagement__starts_at__lte=timezone.now())
        return past.exclude(engagement__state__in=("planned", "not_held"))


class TaskingQuerySet(SharedQuerySet["Tasking"]):
    def open(self) -> Self:
        return self.filter(state__in=("issued", "acknowledged", "in_progress"))

    def tasked_to(self, person: Person) -> Self:
        """Taskings to a position the person holds or deputises for."""
        return self.filter(assignee__in=person.access.positions)

    def due_within(self, span: timedelta, now: datetime | None = None) -> Self:
        """Open ones due from now until `span` later."""
        at = now or timezone.now()
        return self.open().filter(due_at__gt=at, due_at__lte=at + span)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lte=now or timezone.now())
