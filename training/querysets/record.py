"""Which training records, enrolments and qualifications."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from cimic_portal.core.sharing.querysets import PartQuerySet, SharedQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Enrolment, Qualification, TrainingRecord  # noqa: F401 - named in strings


class TrainingRecordQuerySet(SharedQuerySet["TrainingRecord"]):
    def visible_to(self, person: Person | None) -> Self:
        """With the person, whose name is the record's own."""
        return super().visible_to(person).select_related("person")

    def of(self, person: Person) -> Self:
        return self.filter(person=person)


class EnrolmentQuerySet(PartQuerySet["Enrolment"]):
    def open(self) -> Self:
        return self.filter(state__in=("asked", "waiting", "enrolled"))

    def waiting_for(self, person: Person) -> Self:
        """Asked for, and a position of the person's answers for the office; never the person's own."""
        asked = self.filter(state="asked", approver__in=person.access.positions)
        return asked.exclude(record__person=person)


class QualificationQuerySet(PartQuerySet["Qualification"]):
    def counting(self) -> Self:
        """Confirmed and not revoked, whatever its days."""
        return self.filter(confirmed_at__isnull=False, revoked_at__isnull=True)

    def current(self, on: date | None = None) -> Self:
        """Those that are valid on a day of the mission's calendar (default: today)."""
        day = on or timezone.localdate()
        unexpired = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
        return self.counting().filter(unexpired, issued_on__lte=day)

    def expiring(self, days: int, on: date | None = None) -> Self:
        """Valid on the day, and no longer so many days after it."""
        day = on or timezone.localdate()
        return self.current(day).filter(expires_on__lt=day + timedelta(days=days))

    def to_confirm(self) -> Self:
        """From before the mission, and nobody has looked at the proof."""
        return self.filter(confirmed_at__isnull=True, revoked_at__isnull=True)

    def confirmed_by_office_of(self, person: Person) -> Self:
        """To be confirmed by an office of the person: it gives the course, or it is the training centre.

        The centre confirms for its own organisation. Never the person's own, nor what they entered.
        The same as the policy says of one row, where the office is not the releasing position's.
        """
        rows = self.to_confirm().exclude(record__person=person).exclude(entered_by=person)
        offices = person.access.offices
        centres = apps.get_model("training.TrainingRules")._default_manager.filter(centre__in=offices)
        served = Q(record__owner_office__organisation__in=centres.values("centre__organisation"))
        return rows.filter(Q(course__office__in=offices) | served)
