"""Who may amend an order in force, and who acknowledges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.policies import Allowed, Decision, Refused, decides_for
from operations.models import Acknowledgement, Operation, RevisionState
from operations.policies.operation import can_lead
from operations.querysets.standing import open_revision_state, silent, writers

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_open_frago(person: Person, operation: Operation) -> Decision:
    """Begin an amendment, one at a time: whoever answers for the operation."""
    if not operation.is_in_force:
        return Refused(_("There is no order in force to amend."))
    leading = can_lead(person, operation)
    if not leading:
        return leading
    if open_revision_state(operation):
        return Refused(_("A FRAGO is being written already. Finish it or drop it first."))
    return Allowed()


def _open_frago(person: Person, operation: Operation, state: str, refusal: str) -> Decision:
    if not operation.is_in_force:
        return Refused(_("There is no order in force to amend."))
    if open_revision_state(operation) != state:
        return Refused(refusal)
    return Allowed()


def can_change_frame(person: Person, operation: Operation) -> Decision:
    """Change period and participants in the FRAGO: whoever answers for the operation."""
    written = _open_frago(
        person,
        operation,
        RevisionState.DRAFT,
        _("Period and participants of an order are changed in a FRAGO that is being written."),
    )
    return can_lead(person, operation) if written else written


def can_submit_frago(person: Person, operation: Operation) -> Decision:
    """Hand it to the approving position."""
    written = _open_frago(person, operation, RevisionState.DRAFT, _("No FRAGO is being written."))
    return can_lead(person, operation) if written else written


def can_drop_frago(person: Person, operation: Operation) -> Decision:
    """Give it up before it is issued."""
    if not operation.is_in_force:
        return Refused(_("There is no order in force to amend."))
    if open_revision_state(operation) not in (RevisionState.DRAFT, RevisionState.SUBMITTED):
        return Refused(_("No FRAGO is being written."))
    return can_lead(person, operation)


def _decides(person: Person, operation: Operation) -> Decision:
    """The approving position, never on their own work."""
    waiting = _open_frago(person, operation, RevisionState.SUBMITTED, _("No FRAGO waits to be issued."))
    if not waiting:
        return waiting
    wrote = writers(operation)
    if person.pk in wrote:
        return Refused(_("You wrote in this FRAGO; nobody issues their own work. It passes up the chain."))
    if operation.approver_id not in person.access.positions:
        return Refused(_("%(position)s issues it.") % {"position": operation.approver})
    if not decides_for(person, operation.approver, authors={operation.author_id, *wrote}):
        return Refused(_("You deputise for its author, who may not decide on it. Another holder does."))
    return Allowed()


def can_issue_frago(person: Person, operation: Operation) -> Decision:
    """Issue it: the approving position, when everybody who joins by it has answered."""
    deciding = _decides(person, operation)
    if not deciding:
        return deciding
    if count := silent(operation):
        words = ngettext(
            "%(count)d of those who join has not answered; silence is not consent.",
            "%(count)d of those who join have not answered; silence is not consent.",
            count,
        )
        return Refused(words % {"count": count})
    return Allowed()


def can_return_frago(person: Person, operation: Operation) -> Decision:
    """Give it back: the approving position, also while answers are missing."""
    return _decides(person, operation)


def can_acknowledge(person: Person, operation: Operation) -> Decision:
    """Say that a participant has read what came into force: whoever acts for its position."""
    asked = Acknowledgement.objects.visible_to(person).pending().filter(operation=operation)
    if asked.filter(position__in=person.access.positions).exists():
        return Allowed()
    return Refused(_("Nothing waits for the acknowledgement of a position of yours."))


def can_record_acknowledgement(person: Person, operation: Operation) -> Decision:
    """Record the word of a participant without people in the portal: whoever answers for the operation."""
    leading = can_lead(person, operation)
    if not leading:
        return leading
    asked = Acknowledgement.objects.visible_to(person).pending().filter(operation=operation)
    if asked.filter(position__isnull=True).exists():
        return Allowed()
    return Refused(_("Everybody who has not acknowledged can do so in the portal."))
