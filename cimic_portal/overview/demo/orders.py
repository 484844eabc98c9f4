"""The demo mission's orders: who acknowledged them, and the FRAGOs that changed them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils import timezone

from cimic_portal.core.audit.context import stamp
from cimic_portal.overview.demo import order_words as words
from cimic_portal.overview.demo.mission import LOADING
from operations.models import (
    Acknowledgement,
    Operation,
    Participation,
    PlanRevision,
    PlanSection,
    RevisionState,
)
from operations.services.frago import submit_frago
from operations.services.frame import change_frame
from operations.services.inputs import FrameInput, ParticipantInput
from operations.services.plan import copy_revision, freeze

if TYPE_CHECKING:
    from cimic_portal.overview.demo.cast import Cast

# Of the operations under way, counted: which have a FRAGO in force, one being written, one that waits.
ISSUED, WRITTEN, SUBMITTED = (0, 1, 2, 5), (3,), (4,)
# Of those in force, one that gives the operation more days.
LONGER = (1,)


def issue_orders(
    cast: Cast, operation: Operation, revision: PlanRevision, rows: list[Participation], number: int
) -> None:
    """Everybody is asked to acknowledge what came into force; operations under way were changed since."""
    if operation.approved_at is None:
        return
    freeze(revision, RevisionState.IN_FORCE)
    under_way = operation.state in ("active", "suspended")
    _acknowledged(cast, revision, rows, operation.approved_at, silent=0 if under_way else number % 3)
    if not under_way:
        return
    place = number % 10
    if place in (*ISSUED, *WRITTEN, *SUBMITTED):
        _amend(cast, operation, revision, rows, place)


def _amend(
    cast: Cast, operation: Operation, revision: PlanRevision, rows: list[Participation], place: int
) -> None:
    title, reason, more = words.FRAGOS[place % len(words.FRAGOS)]
    frago = copy_revision(revision, author=operation.author, is_frago=True, title=title, reason=reason)
    # Its author reads what they write.
    section = PlanSection.objects.visible_to(operation.author).get(revision=frago, kind="execution")
    section.text, section.changed_by = section.text + more, operation.author
    section.version += 1
    section.save()
    if place in WRITTEN:
        return
    if place in SUBMITTED:
        _ask_engineers(cast, operation, rows)
        return
    if place in LONGER:
        operation.ends_at += timedelta(days=3)
        operation.save()
        frago.starts_at, frago.ends_at = operation.starts_at, operation.ends_at
    revision.state = RevisionState.SUPERSEDED
    revision.save()
    freeze(frago, RevisionState.IN_FORCE)
    issued = timezone.now() - timedelta(hours=20 + place)
    frago.frago_number, frago.published_at, frago.decided_at = 1, issued, issued
    frago.decided_by = operation.approved_by
    frago.save()
    _acknowledged(cast, frago, rows, issued, silent=1 + place % 2)


def _ask_engineers(cast: Cast, operation: Operation, rows: list[Participation]) -> None:
    """The FRAGO brings in the engineers, who have not answered yet, and more days; it waits for both."""
    joins = ParticipantInput(
        "support",
        office=cast.offices["Force HQ Engineers"],
        position=cast.head("Force HQ Engineers"),
        note=words.ENGINEERS,
    )
    stand = (ParticipantInput(row.role, row.office, row.organisation, row.position, row.note) for row in rows)
    parties = (*(one for one in stand if one.office != joins.office), joins)
    frame = FrameInput(operation.starts_at, operation.ends_at + timedelta(days=4), parties)
    for step in (partial(change_frame, data=frame), submit_frago):
        operation = step(operation, actor=operation.author, version=operation.version)
    # These have marked the transaction as theirs; what follows is the loading again.
    stamp(None, LOADING)


def _acknowledged(
    cast: Cast, revision: PlanRevision, rows: list[Participation], asked: datetime, *, silent: int
) -> None:
    """Some hours later, one after the other; the last ones have not yet."""
    made = []
    for place, row in enumerate(rows):
        said = place < len(rows) - silent and row.position_id is not None
        made.append(
            Acknowledgement(
                operation=revision.operation,
                revision=revision,
                office=row.office,
                organisation=row.organisation,
                position=row.position,
                acknowledged_by=cast.holders[row.position_id] if said and row.position_id else None,
                acknowledged_at=min(asked + timedelta(hours=2 + 3 * place), timezone.now()) if said else None,
            )
        )
    Acknowledgement.objects.bulk_create(made)
