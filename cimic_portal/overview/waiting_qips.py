"""What waits for a person among quick impact projects: votes, decisions, drafts, milestones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.overview.waits import MOST, Waiting
from operations.models import Qip, QipMilestone, QipState, QipVote

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def qips_waiting(person: Person) -> Iterator[Waiting]:
    """Votes asked of the person's positions, proposals to take up, decide or close, drafts, milestones."""
    yield from _votes(person)
    yield from _for_chair(person)
    yield from _unfinished(person)
    yield from _milestones(person)


def _line(qip: Qip, sub: str, label: str, tone: str) -> Waiting:
    return Waiting(qip, qip.title, qip.get_absolute_url(), sub, label, tone)


def _votes(person: Person) -> Iterator[Waiting]:
    seats = QipVote.objects.visible_to(person).asked_of(person)
    for seat in seats.select_related("qip", "position__office").order_by("pk")[:MOST]:
        sub = _("Your vote is asked for as %(position)s") % {"position": seat.position}
        yield _line(seat.qip, sub, _("Vote"), "waiting")


def _for_chair(person: Person) -> Iterator[Waiting]:
    """What waits in vain for votes is not the chair's move."""
    labels = {
        QipState.SUBMITTED: (_("Proposal by %(office)s for the committee"), _("Begin the review")),
        QipState.UNDER_REVIEW: (_("The committee has voted on the proposal by %(office)s"), _("Decide")),
        QipState.COMPLETED: (_("Completion report by %(office)s"), _("Close the project")),
    }
    rows = Qip.objects.visible_to(person).for_chair(person).select_related("owner_office")
    for qip in rows.order_by("submitted_at", "pk")[:MOST]:
        sub, label = labels[QipState(qip.state)]
        yield _line(qip, sub % {"office": qip.owner_office}, label, "waiting")


def _unfinished(person: Person) -> Iterator[Waiting]:
    for qip in Qip.objects.visible_to(person).unfinished_of(person).order_by("-updated_at")[:MOST]:
        returned = qip.state == QipState.RETURNED
        sub = f"“{qip.returned_reason}”" if returned else _("Your draft proposal")
        yield _line(qip, sub, str(qip.get_state_display()), qip.state_tone)


def _milestones(person: Person) -> Iterator[Waiting]:
    soon = timezone.localdate() + timedelta(days=7)
    rows = QipMilestone.objects.visible_to(person).open_by(soon, person).select_related("qip")
    for milestone in rows.order_by("due_on", "pk")[:MOST]:
        yield Waiting(
            record=milestone.qip,
            title=milestone.what,
            url=milestone.qip.get_absolute_url(),
            sub=_("Milestone of “%(project)s”") % {"project": milestone.qip},
            label=_("Overdue") if milestone.is_overdue else _("Report it done"),
            tone="refused" if milestone.is_overdue else "running",
            due=milestone.due_on,
            overdue=milestone.is_overdue,
        )
