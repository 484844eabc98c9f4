"""Who speaks for those who take part in an operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from cimic_portal.core.models import Position
    from operations.models.participation import TakingPart


def speakers(rows: Iterable[TakingPart]) -> dict[int, Position]:
    """For each row, by its key: the position named, else the head of its office or organisation; one query.

    Where there is no such post, nobody of them is in the portal: left out.
    """
    parts = list(rows)
    silent = [part for part in parts if part.position_id is None]
    posts = apps.get_model("core.Position")._default_manager
    leading = posts.heads_of({part.office_id for part in silent}) | posts.leading(
        {part.organisation_id for part in silent}
    )
    # The first comes last, and stays.
    heads: list[Position] = list(leading.order_by("-pk")) if silent else []
    of_office: dict[int | None, Position] = {head.office_id: head for head in heads}
    of_organisation: dict[int | None, Position] = {
        head.office.organisation_id: head for head in heads if head.office.parent_id is None
    }
    found = {
        part.pk: part.position
        or (of_office.get(part.office_id) if part.office_id else of_organisation.get(part.organisation_id))
        for part in parts
    }
    return {pk: position for pk, position in found.items() if position is not None}
