"""Who is told for those who take part in an operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from operations.models import Participation
from operations.querysets.speaking import speakers

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from operations.models import Operation


def speaking_positions(operation: Operation) -> list[Position]:
    """Who is told for each participant: who speaks for it, or the head of its office."""
    rows: Iterable[Participation] = (
        Participation.objects.unscoped("told to those who take part")
        .filter(operation=operation)
        .select_related("position", "office")
    )
    return list(speakers(rows).values())
