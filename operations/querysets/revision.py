"""Which revisions of a plan: published ones with the operation, the others for those who write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Q

from cimic_portal.core.sharing.querysets import PartQuerySet

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import PlanRevision  # noqa: F401


class RevisionQuerySet(PartQuerySet["PlanRevision"]):
    def visible_to(self, person: Person | None) -> Self:
        """Drafts are not shared: what is not published is read by those who would read a draft operation."""
        seen = super().visible_to(person)
        if person is None or not person.is_authenticated:
            return seen
        writers = apps.get_model("operations.PlanWriter")._default_manager.visible_to(person)
        asked = writers.filter(position__in=person.access.positions).values("operation_id")
        # Whoever is asked whether it joins reads what it would join.
        parties = apps.get_model("operations.JoiningParty")._default_manager.visible_to(person)
        joining = parties.filter(
            Q(office__in=person.access.offices) | Q(organisation__in=person.access.organisations)
        )
        return seen.filter(
            Q(published_at__isnull=False)
            | Q(operation__owner_office__in=person.access.owned)
            | Q(author=person)
            | Q(operation__in=asked)
            | Q(state="submitted", pk__in=joining.values("revision_id"))
        )

    def open(self) -> Self:
        """Being written, in staffing, or waiting to be issued."""
        return self.filter(state__in=("draft", "staffed", "submitted"))

    def in_force(self) -> Self:
        return self.filter(state="in_force")
