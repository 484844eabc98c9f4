"""The training centre and the administrators keep the courses, and what is asked of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act
from training.models import TrainingRules

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def keeps(person: Person, otherwise: str) -> Decision:
    """Whether this person is one of them; `otherwise` is the reason that the others are told."""
    acting = can_act(person)
    if isinstance(acting, Refused):
        return acting
    if person.is_active and person.is_staff:
        return Allowed()
    centre = TrainingRules.in_force().centre_id
    if centre is not None and centre in person.access.offices:
        return Allowed()
    return Refused(otherwise)
