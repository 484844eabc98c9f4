"""Which assets. Each filter starts from `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef

from cimic_portal.core.sharing.querysets import SharedQuerySet

if TYPE_CHECKING:
    from datetime import datetime

    from cimic_portal.core.models import Person
    from operations.models import Asset  # noqa: F401 - named in strings


class AssetQuerySet(SharedQuerySet["Asset"]):
    def usable(self) -> Self:
        """In service or under repair: not withdrawn."""
        return self.exclude(state="withdrawn")

    def free_between(self, start: datetime, end: datetime, person: Person) -> Self:
        """In service, and neither booked nor out of service in `[start, end)`."""
        taken = apps.get_model("operations.Occupancy")._default_manager.visible_to(person)
        over = taken.overlapping(start, end).filter(asset=OuterRef("pk"))
        return self.filter(state="in_service").exclude(Exists(over))

    def held_by(self, person: Person) -> Self:
        """Of the offices in which the person acts."""
        return self.filter(owner_office__in=person.access.offices)
