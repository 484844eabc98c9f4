"""Who takes procedures into an operation, and who ticks their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from operations.models import ENDED, Operation, Participation, ParticipationRole, PlanWriter
from operations.policies.operation import can_lead

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_take_procedure(person: Person, operation: Operation) -> Decision:
    """Whoever answers for the operation, until it has ended: checklists are ticked, not ordered."""
    if operation.state in ENDED:
        return Refused(_("This operation has ended."))
    return can_lead(person, operation)


def can_tick(person: Person, operation: Operation) -> Decision:
    """Also those who write in the plan, and every participant that acts; who is only informed does not."""
    leading = can_take_procedure(person, operation)
    if leading or operation.state in ENDED:
        return leading
    writing = PlanWriter.objects.visible_to(person).filter(
        operation=operation, position__in=person.access.positions
    )
    acting = Participation.objects.visible_to(person).of_person(person).filter(operation=operation)
    acting = acting.exclude(role=ParticipationRole.INFORMED)
    if writing.exists() or acting.exists():
        return Allowed()
    return Refused(_("Those who lead, write or act in this operation tick its steps."))
