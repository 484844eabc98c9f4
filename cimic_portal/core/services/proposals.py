"""What takes two administrators: one proposes, another confirms or refuses, and all concerned are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.models import Holding, Person, Position, Proposal, ProposalKind, ProposalState
from cimic_portal.core.policies import can_decide_proposal, can_propose, require
from cimic_portal.core.services.outbox import enqueue
from cimic_portal.core.services.verbs import need_reason, verb
from cimic_portal.core.signals import posts_changed

if TYPE_CHECKING:
    from collections.abc import Iterable

PROPOSED: Final = "proposal.made"
DECIDED: Final = "proposal.decided"


def propose_clearance(person: Person, clearance: int, *, actor: Person, reason: str) -> Proposal:
    """Ask for a higher clearance. A lower one needs nobody else: it protects, and so counts at once."""
    asked = Proposal(kind=ProposalKind.CLEARANCE, person=person, clearance=clearance)
    return _propose(asked, actor=actor, reason=reason)


def propose_head(position: Position, *, actor: Person, reason: str) -> Proposal:
    """Ask that a post which somebody holds becomes the head of its office."""
    return _propose(Proposal(kind=ProposalKind.HEAD, position=position), actor=actor, reason=reason)


def give_post(holding: Holding, *, actor: Person, reason: str = "") -> Proposal | None:
    """Put somebody into a post: at once (None), but a head post waits for a second administrator."""
    if not holding.position.is_head:
        with verb("holding.add", actor=actor, reason=reason):
            holding.save()
            posts_changed.send(sender=Holding, person=holding.person_id)
        return None
    asked = Proposal(
        kind=ProposalKind.HOLDING,
        person=holding.person,
        position=holding.position,
        since=holding.since,
        until=holding.until,
    )
    return _propose(asked, actor=actor, reason=reason)


def _propose(asked: Proposal, *, actor: Person, reason: str) -> Proposal:
    """Raises RefusedError or InvalidError."""
    need_reason(reason, _("Say why; the administrator who confirms it reads this."))
    require(can_propose(actor, asked))
    with verb("proposal.make", actor=actor, reason=reason):
        asked.reason, asked.proposed_by, asked.facts = reason.strip(), actor, asked.standing()
        asked.save()
        others = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=actor.pk)
        _tell(PROPOSED, asked, others.exclude(pk__in=asked.concerned()).values_list("pk", flat=True))
    return asked


def confirm(proposal: Proposal, *, actor: Person) -> None:
    """Let it take effect now. Raises RefusedError, also where the facts have changed since."""
    with verb("proposal.confirm", actor=actor, reason=proposal.reason):
        locked = _lock(proposal, actor)
        proposer = locked.proposed_by
        if locked.standing() != locked.facts or not (proposer.is_staff and proposer.is_active):
            raise RefusedError(
                _("What this was proposed upon has changed since. Refuse it, and propose it anew.")
            )
        _take_effect(locked)
        _decide(locked, ProposalState.CONFIRMED, actor, "")


def refuse(proposal: Proposal, *, actor: Person, reason: str) -> None:
    """Say no; nothing changes. Raises RefusedError or InvalidError."""
    need_reason(reason, _("Say why it is refused."))
    with verb("proposal.refuse", actor=actor, reason=reason):
        _decide(_lock(proposal, actor), ProposalState.REFUSED, actor, reason.strip())


def _lock(proposal: Proposal, actor: Person) -> Proposal:
    """The proposal, and with it the rows that it changes, one decision at a time."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.person_id is not None:
        locked.person = Person.objects.select_for_update().get(pk=locked.person_id)
    if locked.position_id is not None:
        locked.position = Position.objects.select_for_update().get(pk=locked.position_id)
    require(can_decide_proposal(actor, locked))
    return locked


def _take_effect(proposal: Proposal) -> None:
    person, position = proposal.person, proposal.position
    if proposal.kind == ProposalKind.CLEARANCE and person is not None and proposal.clearance is not None:
        person.clearance = proposal.clearance
        person.save(update_fields=["clearance"])
    elif proposal.kind == ProposalKind.HEAD and position is not None:
        position.is_head = True
        position.save(update_fields=["is_head"])
    elif proposal.kind == ProposalKind.HOLDING:
        _begin_service(proposal)
    for one in proposal.concerned():
        posts_changed.send(sender=Holding, person=one)


def _begin_service(proposal: Proposal) -> None:
    """From now on at the earliest: nobody was head before two had said so."""
    person, position, now = proposal.person, proposal.position, timezone.now()
    assert person is not None
    assert position is not None
    since = max(proposal.since or now, now)
    if proposal.until is not None and proposal.until <= since:
        raise RefusedError(_("The period has ended meanwhile. Refuse it, and propose it anew."))
    taken = Holding.objects.filter(person=person, position=position).exclude(until__lte=since)
    if proposal.until is not None:
        taken = taken.filter(since__lt=proposal.until)
    if taken.exists():
        raise RefusedError(_("This person holds the position already in a part of this period."))
    Holding.objects.create(person=person, position=position, since=since, until=proposal.until)


def _decide(proposal: Proposal, state: ProposalState, actor: Person, answer: str) -> None:
    proposal.state, proposal.decided_by, proposal.answer = state, actor, answer
    proposal.decided_at = timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _tell(DECIDED, proposal, {*proposal.concerned(), proposal.proposed_by_id, actor.pk})


def _tell(kind: str, proposal: Proposal, people: Iterable[int]) -> None:
    for person in sorted(people):
        enqueue(kind, {"proposal": proposal.pk, "person": person}, queue="mail")
