"""Reminders of what a running project was to have reached."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from cimic_portal.core.models import Position
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from operations.models import QipMilestone

# Days before a milestone in which it is told that it comes near, and after it in which it is found overdue.
AHEAD = timedelta(days=3)
LOOK_BACK = timedelta(days=30)
_WHY = "reminders go to those who answer for the project"


def remind_of_milestones(today: date | None = None) -> int:
    """Remind of milestones that come near, and of what is overdue; each once. Returns how many.

    The proposer is told; of overdue ones the head of the owner office too. Days of the mission's calendar.
    """
    day = today or timezone.localdate()
    rows = QipMilestone.objects.unscoped(_WHY).open_in(day - LOOK_BACK, day + AHEAD)
    milestones = list(rows.select_related("qip__author"))
    offices = {row.qip.owner_office_id for row in milestones if row.due_on < day}
    heads = {head.office_id: head for head in Position.objects.heads_of(offices)}
    with verb("qip.remind", actor=None):
        for row in milestones:
            late = row.due_on < day
            head = heads.get(row.qip.owner_office_id) if late else None
            kind = "qip.milestone_overdue" if late else "qip.milestone_due"
            notify(
                row.qip,
                kind,
                people=[row.qip.author],
                positions=[head] if head else [],
                actor=None,
                key=f"{kind}:{row.pk}:{row.due_on}",
            )
    return len(milestones)
