"""Which quick impact projects, and which of their parts. Each starts from `visible_to`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db.models import Count, F, Q, Sum

from cimic_portal.core.querysets import AttachmentQuerySet
from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Qip, QipMilestone, QipPayment, QipPhoto, QipVote  # noqa: F401 - named in strings


class QipQuerySet(SharedQuerySet["Qip"]):
    def running(self) -> Self:
        return self.filter(state__in=("approved", "under_way"))

    def in_review(self) -> Self:
        return self.filter(state__in=("submitted", "under_review"))

    def for_chair(self, person: Person) -> Self:
        """What the chair can take up, decide (there is a quorum) or close; never the person's own."""
        mine = self.filter(chair__in=person.access.positions).exclude(author=person)
        voted = mine.alias(cast=Count("votes", filter=~Q(votes__choice="")))
        decidable = Q(state="under_review", cast__gte=F("quorum"))
        return voted.filter(Q(state="submitted") | decidable | Q(state="completed")).exclude(
            state="completed", completed_by=person
        )

    def unfinished_of(self, person: Person) -> Self:
        """The person's own drafts and what was returned to them."""
        return self.filter(state__in=("draft", "returned"), author=person)


class QipVoteQuerySet(PartQuerySet["QipVote"]):
    def asked_of(self, person: Person) -> Self:
        """Seats of the person's positions that have not voted; never on their own proposals."""
        waiting = self.filter(choice="", qip__state="under_review", position__in=person.access.positions)
        return waiting.exclude(qip__author=person)


class QipMilestoneQuerySet(PartQuerySet["QipMilestone"]):
    def open_in(self, first: date, last: date) -> Self:
        """Open ones of running projects, due in these days."""
        return self.filter(done_on__isnull=True, due_on__range=(first, last), qip__state="under_way")

    def open_by(self, day: date, person: Person) -> Self:
        """Open ones of running projects of the person's offices, due by the day."""
        return self.open_in(date.min, day).filter(qip__owner_office__in=person.access.offices)


class QipPaymentQuerySet(PartQuerySet["QipPayment"]):
    def standing(self) -> Self:
        """Those that were not struck."""
        return self.filter(struck_at__isnull=True)

    def total(self) -> Decimal:
        """The sum of those that stand."""
        return self.standing().aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


class QipPhotoQuerySet(AttachmentQuerySet["QipPhoto"]):
    """Photos of projects."""
