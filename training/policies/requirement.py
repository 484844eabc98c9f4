"""Who may say what is asked of whom. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Decision, Refused
from operations.policies.operation import can_lead
from training.policies.centre import keeps

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation
    from training.models import Requirement


def can_keep_requirements(person: Person) -> Decision:
    """Administrators and the training centre keep the list; everybody reads it."""
    return keeps(person, _("Requirements are kept by the training centre and the administrators."))


def can_edit(person: Person, requirement: Requirement) -> Decision:
    if requirement.is_archived:
        return Refused(_("It is archived. Bring it back first."))
    return can_keep_requirements(person)


def can_archive(person: Person, requirement: Requirement) -> Decision:
    if requirement.is_archived:
        return Refused(_("It is archived already."))
    return can_keep_requirements(person)


def can_restore(person: Person, requirement: Requirement) -> Decision:
    if not requirement.is_archived:
        return Refused(_("It is in force."))
    return can_keep_requirements(person)


def can_require(person: Person, operation: Operation) -> Decision:
    """Set what those who take part need: whoever answers for the operation, while it is planned."""
    if not operation.is_before_approval:
        return Refused(_("It is approved. What is needed is set while it is planned."))
    return can_lead(person, operation)
