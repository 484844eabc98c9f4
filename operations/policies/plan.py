"""Who may write in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused
from operations.models import PlanRevision, PlanWriter
from operations.policies.operation import can_lead

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_write_plan(person: Person, revision: PlanRevision) -> Decision:
    """Change its rows: whoever answers for the operation, in the one revision that is being written."""
    if not revision.is_writable:
        if revision.operation.is_in_force:
            return Refused(_("The order is in force. It is changed by a FRAGO."))
        return Refused(_("This revision is not being written any more."))
    return can_lead(person, revision.operation)


def can_write_section(person: Person, revision: PlanRevision, section: str) -> Decision:
    """Also the position that was asked to write it."""
    writing = can_write_plan(person, revision)
    if writing or not revision.is_writable:
        return writing
    asked = PlanWriter.objects.visible_to(person).filter(
        operation=revision.operation_id, section=section, position__in=person.access.positions
    )
    if asked.exists():
        return Allowed()
    return writing
