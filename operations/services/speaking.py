"""Who speaks for those who take part in an operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from operations.models import Participation

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from operations.models import Operation
    from operations.models.participation import TakingPart


def head_of(row: TakingPart) -> Position | None:
    """The head of a participating office; of an organisation as such, nobody in the portal."""
    if row.office is None:
        return None
    return row.office.positions.filter(is_head=True, is_archived=False).first()


def speaking_positions(operation: Operation) -> list[Position]:
    """Who is told for each participant: who speaks for it, or the head of its office."""
    rows: Iterable[Participation] = (
        Participation.objects.unscoped("told to those who take part")
        .filter(operation=operation)
        .select_related("position", "office")
    )
    found = [row.position or head_of(row) for row in rows]
    return [position for position in found if position is not None]
