"""Who speaks for those who take part in an operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from operations.models.participation import TakingPart


def speakers(rows: Iterable[TakingPart]) -> dict[int, Position]:
    """For each row, by its key: the position named, else the head of its office; in one query.

    An organisation as such, and an office without a head, have nobody in the portal: left out.
    """
    parts = list(rows)
    silent = {part.office_id for part in parts if part.position_id is None and part.office_id}
    leading = apps.get_model("core.Position")._default_manager.heads_of(silent)
    heads: dict[int | None, Position] = {head.office_id: head for head in leading}
    found = {part.pk: part.position or heads.get(part.office_id) for part in parts}
    return {pk: position for pk, position in found.items() if position is not None}
