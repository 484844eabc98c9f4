"""Which absences."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from cimic_portal.core.sharing.querysets import PartQuerySet

if TYPE_CHECKING:
    from training.models import Absence  # noqa: F401 - named in strings


class AbsenceQuerySet(PartQuerySet["Absence"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def within(self, since: date, until: date) -> Self:
        """Those that share a day with the period; both days count."""
        return self.standing().filter(since__lte=until, until__gte=since)

    def ahead(self, today: date) -> Self:
        """Running or to come."""
        return self.standing().filter(until__gte=today)
