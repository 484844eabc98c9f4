"""Who may do what with a qualification. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.models import Position
from cimic_portal.core.policies import Allowed, Decision, Refused
from training.models import TrainingRules

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Qualification, TrainingRecord


def _training_offices(qualification: Qualification) -> set[int]:
    """The office that gives the course, and the training centre of the person's organisation."""
    centre = TrainingRules.in_force().centre
    offices = {qualification.course.office_id} if qualification.course.office_id else set()
    organisation = qualification.record.owner_office.organisation_id
    if centre is not None and centre.organisation_id == organisation:
        offices.add(centre.pk)
    return offices


def confirming_positions(qualification: Qualification) -> list[Position]:
    """The posts that are told of a proof to look at: heads of the training offices, else of the own one."""
    trainers = list(Position.objects.heads_of(_training_offices(qualification)))
    if trainers:
        return trainers
    own = qualification.record.owner_office.releasing_position(author_id=qualification.record.person_id)
    return [own] if own else []


def can_enter(person: Person, record: TrainingRecord) -> Decision:
    """Enter what was learned before the mission: the person, and whoever leads or shares the office."""
    if record.person_id == person.pk or record.owner_office_id in person.access.owned:
        return Allowed()
    return Refused(_("The person or their office enters what was learned before the mission."))


def can_confirm(person: Person, qualification: Qualification) -> Decision:
    """Confirm the proof: the training office, else the releasing position; never for oneself."""
    if qualification.revoked_at is not None:
        return Refused(_("It was revoked."))
    if qualification.confirmed_at is not None:
        return Refused(_("It was confirmed already."))
    if person.pk in (qualification.record.person_id, qualification.entered_by_id):
        return Refused(_("Nobody confirms what they entered, or what is theirs. Somebody else looks at it."))
    if _training_offices(qualification) & person.access.offices:
        return Allowed()
    own = qualification.record.owner_office.releasing_position(author_id=qualification.record.person_id)
    if own is not None and own.pk in person.access.positions:
        return Allowed()
    return Refused(_("The office that gives the course confirms it, or the training centre."))


def can_revoke(person: Person, qualification: Qualification) -> Decision:
    """Take it back: the training office; never one's own."""
    if qualification.revoked_at is not None:
        return Refused(_("It was revoked already."))
    if person.pk == qualification.record.person_id:
        return Refused(_("Nobody decides on their own qualification."))
    if _training_offices(qualification) & person.access.offices:
        return Allowed()
    return Refused(_("The office that gives the course revokes it, or the training centre."))
