"""Who may do what: each policy answers Allowed, or Refused with the reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.querysets import has_hidden_source
from cimic_portal.core.sharing.levels import Component, KeyKind, key

if TYPE_CHECKING:
    from cimic_portal.core.models import ApiToken, Delegation, Document, Office, Person, Position, Proposal
    from cimic_portal.core.sharing.records import SharedRecord


@dataclass(frozen=True)
class Allowed:
    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True)
class Refused:
    """`reason` is shown to the person, so it names only what they may know."""

    reason: str

    def __bool__(self) -> bool:
        return False


Decision = Allowed | Refused


def require(decision: Decision) -> None:
    """Go on if allowed, else raise RefusedError with the reason."""
    if isinstance(decision, Refused):
        raise RefusedError(decision.reason)


def can_act(person: Person) -> Decision:
    """Whoever holds a position now acts for its office."""
    if person.access.held:
        return Allowed()
    return Refused(_("You hold no current position, so you cannot act for an office."))


def decides_for(person: Person, position: Position, *, authors: Collection[int]) -> bool:
    """Whether the person acts for the position on the work of these people (ids).

    Not as one of them, nor by a delegation that one of them gave.
    """
    from cimic_portal.core.models import Person as People

    return bool(People.objects.acting_for(position, beside=authors).filter(pk=person.pk).exists())


def can_grant(person: Person, record: SharedRecord) -> Decision:
    """Granting opens a record further, so it belongs to the owner office and those who lead it."""
    if key(KeyKind.OWNER, record.owner_office_id) in person.access.keys:
        return Allowed()
    return Refused(_("Only the owner office may open this record to others."))


def can_manage_reference_data(person: Person) -> Decision:
    """Areas, places, organisation names and settings are the administrators' business."""
    if person.is_active and person.is_staff:
        return Allowed()
    return Refused(_("Only administrators change reference data."))


def can_ask(person: Person, office: Office) -> Decision:
    """Documents are made for an office in which one holds, or deputises for, a position."""
    if office.pk in person.access.offices:
        return Allowed()
    return Refused(_("You can make documents for an office in which you hold a position."))


def may_fetch(person: Person, document: Document) -> Decision:
    """The file of a document that the person may see: only while every source is visible to them."""
    if not document.is_ready:
        return Refused(_("This document is not ready."))
    if not document.is_released_copy and has_hidden_source(document, person):
        return Refused(
            _(
                "It was made from records that you may not read now. "
                "Make it again: it then holds what you may read."
            )
        )
    return Allowed()


def can_release(person: Person, document: Document) -> Decision:
    """The releasing position of the owner office releases; never the one who made it."""
    if document.is_released_copy:
        return Refused(_("This is a released copy already."))
    if not document.is_ready:
        return Refused(_("This document is not ready."))
    if person.pk == document.author_id:
        return Refused(_("You made this document; somebody else releases it."))
    position = document.owner_office.releasing_position(author_id=document.author_id)
    if position is None:
        return Refused(_("Nobody who may release it holds a position now."))
    if not decides_for(person, position, authors={document.author_id}):
        return Refused(_("%(position)s releases the documents of this office.") % {"position": position})
    return may_fetch(person, document)


def can_keep_organisations(person: Person) -> Decision:
    """The mission's people keep the list of organisations; partners read it."""
    if person.access.held and Component(person.component).of_mission:
        return Allowed()
    return Refused(_("The list of organisations is kept by the mission."))


def can_end_token(person: Person, token: ApiToken) -> Decision:
    """Its owner ends a token, and so does an administrator."""
    if token.person_id == person.pk or (person.is_active and person.is_staff):
        return Allowed()
    return Refused(_("Only its owner or an administrator ends a token."))


def can_reshare(person: Person, record: SharedRecord) -> Decision:
    """Widening and downgrading are like releasing: by the position that releases, never by the author."""
    if not record.is_published:
        return Refused(_("Before publication the author sets the audience in the form."))
    if record.author_id == person.pk:
        return Refused(_("Nobody widens or downgrades their own work. The releasing position decides."))
    position = record.owner_office.releasing_position(
        author_id=record.author_id, classification=record.classification
    )
    if position is not None and decides_for(person, position, authors={record.author_id}):
        return Allowed()
    return Refused(_("Only the releasing position of the owner office changes who may read this."))


def can_delegate(person: Person, position: Position) -> Decision:
    """Who holds a position in person delegates it; who deputises for it does not."""
    if position.pk in person.access.held:
        return Allowed()
    if position.pk in person.access.positions:
        return Refused(_("You deputise for this position; only its holder delegates it."))
    return Refused(_("You do not hold this position."))


def can_end_delegation(person: Person, delegation: Delegation) -> Decision:
    """Who gave it, who got it, and administrators end a delegation."""
    if person.pk in (delegation.delegator_id, delegation.delegate_id) or (
        person.is_active and person.is_staff
    ):
        return Allowed()
    return Refused(_("Only the holder, the delegate or an administrator ends this."))


def can_reset_factors(actor: Person, person: Person) -> Decision:
    """Administrators, for others; one's own are changed on one's own page."""
    if not actor.is_staff:
        return Refused(_("Only an administrator can take a second factor away."))
    if actor.pk == person.pk:
        return Refused(_("Change your own second factor on your own page."))
    return Allowed()


def can_propose(actor: Person, proposal: Proposal) -> Decision:
    """Administrators, and nobody for themselves."""
    if not (actor.is_active and actor.is_staff):
        return Refused(_("Only administrators propose clearances and head posts."))
    if actor.pk in proposal.concerned():
        return Refused(_("You cannot propose this for yourself. Ask another administrator."))
    return Allowed()


def can_decide_proposal(actor: Person, proposal: Proposal) -> Decision:
    """Another administrator than the one who proposed it, and none whom it concerns."""
    if not (actor.is_active and actor.is_staff):
        return Refused(_("Only administrators confirm or refuse this."))
    if proposal.state != "waiting":
        return Refused(_("This was decided already."))
    if actor.pk == proposal.proposed_by_id:
        return Refused(_("You proposed this; another administrator decides."))
    if actor.pk in proposal.concerned():
        return Refused(_("This concerns yourself; another administrator decides."))
    return Allowed()


def can_break_glass(actor: Person, *, proven: bool) -> Decision:
    """Administrators, once they have shown by more than their session who they are."""
    if not (actor.is_active and actor.is_staff):
        return Refused(_("Only administrators break the glass."))
    if not proven:
        return Refused(_("Sign in again with your second factor first."))
    return Allowed()


def can_decide_retention(person: Person) -> Decision:
    """Administrators look at data whose time has run out."""
    if person.is_active and person.is_staff:
        return Allowed()
    return Refused(_("Only an administrator decides what is kept for longer or anonymised."))


def can_move_people(person: Person) -> Decision:
    """Administrators enter who arrives and who departs."""
    if person.is_active and person.is_staff:
        return Allowed()
    return Refused(_("Only administrators enter who arrives and who departs."))
