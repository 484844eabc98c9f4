"""Who writes in the journal, strikes entries, and decides when a decision point is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from operations.models import JournalEntry, Operation, OperationState, Participation, ReachedDecision
from operations.policies.operation import can_lead
from operations.querysets.standing import was_decided_by

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

UNDER_WAY = (OperationState.ACTIVE, OperationState.SUSPENDED)


def _is_open(operation: Operation) -> Decision:
    if operation.state in UNDER_WAY:
        return Allowed()
    if operation.state in (OperationState.COMPLETED, OperationState.CLOSED, OperationState.CANCELLED):
        return Refused(_("The operation has ended; its journal is read, and written no more."))
    return Refused(_("The journal is written from the beginning of the operation on."))


def can_write_journal(person: Person, operation: Operation) -> Decision:
    """Everybody who takes part, while it is under way; who is only informed reads."""
    fitting = _is_open(operation)
    if not fitting:
        return fitting
    mine = Participation.objects.visible_to(person).filter(operation=operation).of_person(person)
    roles = set(mine.values_list("role", flat=True))
    if roles - {"informed"} or operation.approver_id in person.access.positions:
        return Allowed()
    if can_lead(person, operation):
        return Allowed()
    if roles:
        return Refused(_("Your office is informed of this operation: it reads the journal."))
    return Refused(_("The journal is written by those who take part in the operation."))


def can_strike_entry(person: Person, entry: JournalEntry) -> Decision:
    """Its author, and whoever leads; once, and not what was decided on."""
    fitting = _is_open(entry.operation)
    if not fitting:
        return fitting
    if entry.is_struck:
        return Refused(_("This entry is struck already."))
    own = entry.author_id == person.pk and can_write_journal(person, entry.operation)
    if not own and not can_lead(person, entry.operation):
        return Refused(_("An entry is struck by its author or by the lead office."))
    if was_decided_by(entry):
        return Refused(_("A decision rests on this entry. Enter a correction that names it instead."))
    return Allowed()


def can_decide_point(person: Person, reached: ReachedDecision) -> Decision:
    """The position that the plan names; where it names none, whoever leads."""
    fitting = _is_open(reached.operation)
    if not fitting:
        return fitting
    if reached.withdrawn_at is not None:
        return Refused(_("The entry by which it was reached was struck."))
    if reached.decided_at is not None:
        return Refused(_("This was decided already."))
    if reached.decider is None:
        return can_lead(person, reached.operation)
    if reached.decider_id in person.access.positions:
        return Allowed()
    return Refused(_("%(position)s decides on this.") % {"position": reached.decider})
