"""What is overdue in staffing is told to those above; nothing is ever approved by time."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from cimic_portal.core.models import Position
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from operations.models import Concurrence

WHY_ASKED = "the sweep asks for every answer that is overdue"


def escalate_overdue_answers(now: datetime | None = None) -> int:
    """Tell the approver and the head above of each answer that is overdue; once. Returns how many.

    Nothing is ever approved by time.
    """
    at = now or timezone.now()
    with verb("operation.escalate", actor=None):
        rows = list(
            Concurrence.objects.unscoped(WHY_ASKED)
            .overdue(at)
            .filter(escalated_at__isnull=True)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("operation__approver", "position__office__parent", "operation__author")
        )
        for row in rows:
            row.escalated_at = at
            row.save()
            notify(
                row.operation,
                "operation.overdue",
                people=[row.operation.author],
                positions=_told_when_overdue(row),
                actor=None,
                key=f"operation.overdue:{row.pk}",
            )
    return len(rows)


def _told_when_overdue(row: Concurrence) -> list[Position]:
    told = [row.operation.approver]
    if row.position is not None:
        told.append(row.position)
        above = row.position.office.parent if row.position.is_head else row.position.office
        told += Position.objects.heads_of([above.pk]) if above else []
    return told
