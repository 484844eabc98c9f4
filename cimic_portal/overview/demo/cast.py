"""The offices of the demo mission, and who holds their posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cimic_portal.core.models import Holding, Office, Person, Position


@dataclass(frozen=True)
class Cast:
    """Who takes part: offices by name, and who holds their posts."""

    offices: Mapping[str, Office]
    holders: Mapping[int, Person]

    def head(self, name: str) -> Position:
        return self.offices[name].positions.get(is_head=True)

    def post(self, name: str, title: str) -> Position:
        return self.offices[name].positions.get(title=title)

    def person(self, position: Position) -> Person:
        return self.holders[position.pk]


def cast_of(offices: Mapping[str, Office]) -> Cast:
    """Offices by name; of those who hold a post the one who came last."""
    held = Holding.objects.filter(until__isnull=True).select_related("person").order_by("-since", "-pk")
    return Cast(offices, {holding.position_id: holding.person for holding in held})
