"""Who may do what with a qualification. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from cimic_portal.core.models import Position
from cimic_portal.core.policies import Allowed, Decision, Refused, decides_for
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
    authors = {qualification.record.person_id, qualification.entered_by_id}
    if person.pk in authors:
        return Refused(_("Nobody confirms what they entered, or what is theirs. Somebody else looks at it."))
    own = qualification.record.owner_office.releasing_position(author_id=qualification.record.person_id)
    offices = _training_offices(qualification) & person.access.offices
    posts = {own.pk} & person.access.positions if own else set()
    if not offices and not posts:
        return Refused(_("The office that gives the course confirms it, or the training centre."))
    return _beside(person, authors, offices, posts)


def _beside(
    person: Person, authors: Collection[int], offices: Collection[int], posts: Collection[int] = ()
) -> Decision:
    """Whoever acts in one of the offices, or for one of the posts, but by a delegation of these authors."""
    rows = Position.objects.filter(Q(office__in=offices) | Q(pk__in=posts), pk__in=person.access.positions)
    if any(decides_for(person, post, authors=authors) for post in rows.select_related("office")):
        return Allowed()
    return Refused(_("You deputise for somebody whose own work it is. Another of the office decides."))


def can_revoke(person: Person, qualification: Qualification) -> Decision:
    """Take it back: the training office; never one's own."""
    if qualification.revoked_at is not None:
        return Refused(_("It was revoked already."))
    if person.pk == qualification.record.person_id:
        return Refused(_("Nobody decides on their own qualification."))
    offices = _training_offices(qualification) & person.access.offices
    if offices:
        return _beside(person, {qualification.record.person_id}, offices)
    return Refused(_("The office that gives the course revokes it, or the training centre."))
