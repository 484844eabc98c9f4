"""Who may write the after-action review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from operations.models import Finding, Operation, OperationState
from operations.policies.operation import can_lead, takes_part
from operations.querysets.standing import review_is_finished

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

OPEN = (OperationState.ACTIVE, OperationState.SUSPENDED, OperationState.COMPLETED)


def _is_open(operation: Operation) -> Decision:
    if operation.state not in OPEN:
        return Refused(_("The review is written from the beginning of the operation until it is closed."))
    if review_is_finished(operation):
        return Refused(_("The review is finished."))
    return Allowed()


def can_write_review(person: Person, operation: Operation) -> Decision:
    """Its four texts: whoever answers for the operation."""
    fitting = _is_open(operation)
    return can_lead(person, operation) if fitting else fitting


def can_add_finding(person: Person, operation: Operation) -> Decision:
    """Everybody who takes part."""
    fitting = _is_open(operation)
    return takes_part(person, operation) if fitting else fitting


def can_change_finding(person: Person, finding: Finding) -> Decision:
    """Who entered it, and whoever answers for the operation: correct or withdraw."""
    fitting = _is_open(finding.operation)
    if not fitting:
        return fitting
    if finding.withdrawn_reason:
        return Refused(_("This finding was withdrawn."))
    if finding.author_id == person.pk:
        return Allowed()
    return can_lead(person, finding.operation)


def can_finish_review(person: Person, operation: Operation) -> Decision:
    """After execution: from then on the findings are lessons."""
    if operation.state != OperationState.COMPLETED:
        return Refused(_("The review is finished when the operation is completed."))
    return can_write_review(person, operation)
