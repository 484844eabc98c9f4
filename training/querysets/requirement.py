"""Which requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from cimic_portal.core.querysets import ReferenceQuerySet
from cimic_portal.core.sharing.querysets import PartQuerySet

if TYPE_CHECKING:
    from training.models import OperationRequirement, Requirement  # noqa: F401 - named in strings


class RequirementQuerySet(ReferenceQuerySet["Requirement"]):
    def standing(self) -> Self:
        """Asked now: neither it nor its course is archived."""
        return self.filter(is_archived=False, course__is_archived=False)

    def of_posts(self) -> Self:
        """What posts ask; the others ask participants of operations."""
        return self.standing().exclude(whom="operation_type")

    def named(self) -> Self:
        """With what their names follow."""
        return self.select_related("course", "office", "position__office", "kind")


class OperationRequirementQuerySet(PartQuerySet["OperationRequirement"]):
    def standing(self) -> Self:
        """Of courses that are still given."""
        return self.filter(course__is_archived=False)
