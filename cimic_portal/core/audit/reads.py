"""Reads of confidential records, as part of the trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cimic_portal.core.audit.context import current_origin
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord


def log_read(
    person: Person, surface: str, records: Iterable[SharedRecord], *, every_level: bool = False
) -> None:
    """One entry for one response: the records above unclassified that it showed. None, no entry.

    `every_level`: unclassified ones count too, as behind a broken glass.
    """
    from cimic_portal.core.models import ReadEntry

    shown = [
        f"{record._meta.model_name}:{record.reference}"
        for record in records
        if every_level or record.classification > Classification.UNCLASSIFIED
    ]
    if shown:
        ReadEntry.objects.create(
            person=person, surface=surface, request=current_origin().request, records=shown
        )
