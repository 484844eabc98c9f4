"""Who is told, and who is asked, for those who take part in an operation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import TYPE_CHECKING

from cimic_portal.core.models import Position
from cimic_portal.core.querysets import first_able
from operations.models import Participation
from operations.querysets.speaking import speakers

if TYPE_CHECKING:
    from operations.models import Operation
    from operations.models.participation import TakingPart


def speaking_positions(operation: Operation) -> list[Position]:
    """Who is told for each participant: who speaks for it, or the head of its office or organisation."""
    rows: Iterable[Participation] = (
        Participation.objects.unscoped("told to those who take part")
        .filter(operation=operation)
        .select_related("position", "office")
    )
    return list(speakers(rows).values())


def able_to_answer(
    operation: Operation, rows: Collection[TakingPart], *, beside: Collection[int] = ()
) -> dict[int, Position]:
    """For each row, by its key, the position that is asked: who speaks for it, or up the chain.

    It passes up where nobody who is cleared acts for a post but those `beside` (ids), whose own work it is.
    Left out is who has nobody in the portal then: the lead records their word.
    """
    speaking = speakers(rows)
    found = {row.pk: _able(row, speaking.get(row.pk), operation.classification, beside) for row in rows}
    return {pk: position for pk, position in found.items() if position is not None}


def _able(row: TakingPart, speaker: Position | None, level: int, beside: Collection[int]) -> Position | None:
    office = row.office or (speaker.office if speaker else None)
    if office is None:
        return None
    first = [speaker] if speaker else []
    return first_able(chain(first, Position.objects.heads_above(office)), level=level, beside=beside)
