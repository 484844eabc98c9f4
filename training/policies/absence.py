"""Who may say that somebody is away. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Absence, TrainingRecord


def can_enter(person: Person, record: TrainingRecord) -> Decision:
    """The person, and whoever shares their office or leads it."""
    acting = can_act(person)
    if isinstance(acting, Refused):
        return acting
    if record.person_id == person.pk or record.owner_office_id in person.access.owned:
        return Allowed()
    return Refused(_("The person or their office says when they are away."))


def can_withdraw(person: Person, absence: Absence) -> Decision:
    if absence.withdrawn_at is not None:
        return Refused(_("It was withdrawn already."))
    return can_enter(person, absence.record)
