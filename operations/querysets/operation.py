"""Which operations, participations and answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import (  # noqa: F401 - named in strings
        Acknowledgement,
        Concurrence,
        Finding,
        Operation,
        Participation,
    )


class OperationQuerySet(SharedQuerySet["Operation"]):
    def under_way(self) -> Self:
        """Active or suspended."""
        return self.filter(state__in=("active", "suspended"))

    def open(self) -> Self:
        """Not ended."""
        return self.exclude(state__in=("completed", "closed", "cancelled"))

    def waiting_for_approval_by(self, person: Person) -> Self:
        """In staffing, to be approved by a position of the person's, and not their own work."""
        return self.filter(state="staffing", approver__in=person.access.positions).exclude(author=person)


class ParticipationQuerySet(PartQuerySet["Participation"]):
    def of_person(self, person: Person) -> Self:
        """Of an office in which the person acts, or of an organisation in which they serve."""
        return self.filter(
            Q(office__in=person.access.offices) | Q(organisation__in=person.access.organisations)
        )


class ConcurrenceQuerySet(PartQuerySet["Concurrence"]):
    def current(self) -> Self:
        """Of the round that runs now: the operation's own, or that of a FRAGO by which somebody joins."""
        staffing = Q(round=F("operation__round"), operation__state="staffing")
        return self.filter(staffing | Q(revision__state="submitted", round=F("revision__asked_round")))

    def pending(self) -> Self:
        return self.filter(answer="pending")

    def asked_of(self, person: Person) -> Self:
        """Asked of a position that the person holds or deputises for."""
        return self.current().pending().filter(position__in=person.access.positions)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.current().pending().filter(due_at__lt=now or timezone.now())


class AcknowledgementQuerySet(PartQuerySet["Acknowledgement"]):
    def pending(self) -> Self:
        """Of the revision in force, and not given yet."""
        return self.filter(acknowledged_at__isnull=True, revision__state="in_force")

    def asked_of(self, person: Person) -> Self:
        """Of a position that the person holds or deputises for."""
        return self.pending().filter(position__in=person.access.positions)


class FindingQuerySet(PartQuerySet["Finding"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_reason="")
