"""Which entries, decisions and looks. What is shared starts from `visible_to`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from cimic_portal.core.sharing.querysets import PartQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import (  # noqa: F401 - named in strings
        JournalEntry,
        Operation,
        OperationLook,
        ReachedDecision,
    )


class JournalQuerySet(PartQuerySet["JournalEntry"]):
    def standing(self) -> Self:
        """Not struck."""
        return self.filter(struck_at__isnull=True)

    def of(self, operation: Operation) -> Self:
        return self.filter(operation=operation)

    def named(self) -> Self:
        """With all that a line of the journal shows."""
        return self.select_related(
            "author",
            "position__office__organisation",
            "place",
            "area",
            "struck_by",
            "corrects",
        )

    def in_period(self, since: datetime, until: datetime) -> Self:
        """Of what happened in `[since, until)`."""
        return self.filter(happened_at__gte=since, happened_at__lt=until)

    def new_to(self, person: Person, since: datetime) -> Self:
        """Entered after that by others."""
        return self.filter(entered_at__gt=since).exclude(author=person)


class ReachedQuerySet(PartQuerySet["ReachedDecision"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def to_decide(self) -> Self:
        return self.standing().filter(decided_at__isnull=True)

    def asked_of(self, person: Person) -> Self:
        """To be decided by a position that the person holds or deputises for, while that can be done."""
        waiting = self.to_decide().filter(decider__in=person.access.positions)
        return waiting.filter(operation__state__in=("active", "suspended"))


class LookQuerySet(models.QuerySet["OperationLook"]):
    def of(self, person: Person) -> Self:
        return self.filter(person=person)
