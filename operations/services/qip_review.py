"""The review of a proposal: taken up, voted on, returned, approved or not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.history import changes_since
from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import Qip, QipRules, QipSeat, QipState, QipVote, VoteChoice
from operations.policies.qip import (
    can_approve,
    can_refuse,
    can_return,
    can_take_up,
    can_vote,
    count_votes,
    seats_open_to,
)
from operations.services.qip_checks import amount_problem, amount_text

if TYPE_CHECKING:
    from cimic_portal.core.models import Position


def take_up_qip(qip: Qip, *, actor: Person, version: int) -> Qip:
    """Begin the review: every member position is asked to vote.

    Raises RefusedError where so few members could vote that the quorum is out of reach.
    """
    with verb("qip.take_up", actor=actor):
        current = lock(qip, actor=actor, version=version)
        require(can_take_up(actor, current))
        quorum = QipRules.in_force().quorum
        members, able = _members(current)
        if able < quorum:
            raise RefusedError(
                _(
                    "Only %(able)s members can vote on this proposal, and the quorum is %(quorum)s: "
                    "the other seats are vacant, not cleared, or its author's own."
                )
                % {"able": able, "quorum": quorum}
            )
        QipVote.objects.bulk_create(QipVote(qip=current, position=position) for position in members)
        current.state, current.quorum = QipState.UNDER_REVIEW, quorum
        current.review_version = current.version + 1
        save_changed(current)
        notify(current, "qip.vote", positions=members, actor=actor)
        return current


def _members(qip: Qip) -> tuple[list[Position], int]:
    """The positions to ask, and how many of them somebody can vote for now.

    A vacant seat is asked as well: whoever comes into it may vote. Left out is one whose holders are
    not cleared, because nobody is named above their clearance, and one that is the author's own.
    """
    seats = QipSeat.objects.filter(is_archived=False, position__is_archived=False)
    members, able = [], 0
    for seat in seats.select_related("position__office"):
        people = Person.objects.acting_for(seat.position, beside={qip.author_id})
        cleared = people.filter(clearance__gte=qip.classification).exists()
        if cleared or not Person.objects.acting_for(seat.position).exists():
            members.append(seat.position)
            able += cleared
    return members, able


def cast_vote(
    qip: Qip, *, actor: Person, version: int, choice: str, reason: str, position: int | None = None
) -> Qip:
    """Vote for a member position, with the reason; a vote stands.

    `position` by number, needed where the actor can vote for several. Votes of others do not make the
    page stale, the proposal is what it was when the review began.
    """
    with verb("qip.vote", actor=actor, reason=reason):
        current = _lock_for_vote(qip, actor, version)
        require(can_vote(actor, current))
        seat = _seat(seats_open_to(actor, current), position)
        problems: dict[str, list[str]] = {}
        if choice not in VoteChoice.values:
            problems["choice"] = [_("Vote for, against, or abstain.")]
        if not reason.strip():
            problems["reason"] = [_("Say why you vote so.")]
        if problems:
            raise InvalidError(problems)
        before = count_votes(current)
        seat.choice, seat.reason, seat.voter, seat.voted_at = choice, reason, actor, timezone.now()
        seat.save()
        save_changed(current)
        if count_votes(current).has_quorum and not before.has_quorum:
            notify(current, "qip.quorum", positions=[cast("Position", current.chair)], actor=actor)
        return current


def _lock_for_vote(qip: Qip, actor: Person, version: int) -> Qip:
    """As `lock`, on any version since the review began."""
    rows = Qip.objects.visible_to(actor).select_for_update(of=("self",))
    current: Qip = rows.get(pk=qip.pk)
    oldest = current.review_version or current.version
    if current.state != QipState.UNDER_REVIEW:
        oldest = current.version
    if not oldest <= version <= current.version:
        raise StaleError(changes_since(current, version, actor))
    return current


def _seat(open_seats: list[QipVote], position: int | None) -> QipVote:
    chosen = [seat for seat in open_seats if position in (None, seat.position_id)]
    if not chosen:
        raise InvalidError({"position": [_("Choose one of your own seats that has not voted yet.")]})
    if len(chosen) > 1:
        raise InvalidError({"position": [_("Say for which of your seats you vote.")]})
    return chosen[0]


def return_qip(qip: Qip, *, actor: Person, version: int, reason: str) -> Qip:
    """Give the proposal back to its author, with the reason. Votes cast so far end with it."""
    need_reason(reason, _("Say what has to change."))
    with verb("qip.return", actor=actor, reason=reason):
        current = lock(qip, actor=actor, version=version)
        require(can_return(actor, current))
        current.state, current.returned_reason = QipState.RETURNED, reason
        save_changed(current)
        notify(current, "qip.returned", people=[current.author], actor=actor)
        return current


def approve_qip(
    qip: Qip, *, actor: Person, version: int, amount: Decimal | None = None, reason: str = ""
) -> Qip:
    """State that the committee approved it, wholly or with a lower amount and the reason for that.

    Raises InvalidError for an amount beyond the budget or the ceiling of today.
    """
    with verb("qip.approve", actor=actor, reason=reason):
        current = lock(qip, actor=actor, version=version)
        require(can_approve(actor, current))
        granted = current.budget if amount is None else amount
        if problems := _amount_problems(current, granted, reason):
            raise InvalidError(problems)
        _decide(current, QipState.APPROVED, actor, reason)
        current.approved_amount = granted
        save_changed(current)
        notify(current, "qip.approved", people=[current.author], actor=actor)
        return current


def _amount_problems(qip: Qip, amount: Decimal, reason: str) -> dict[str, list[str]]:
    rules = QipRules.in_force()
    if problem := amount_problem(amount):
        return {"amount": [problem]}
    if amount > qip.budget:
        return {
            "amount": [
                _("No more than the budget of %(budget)s can be approved.")
                % {"budget": amount_text(qip.budget)}
            ]
        }
    if qip.currency == rules.currency and amount > rules.ceiling:
        words = {"ceiling": amount_text(rules.ceiling), "currency": rules.currency}
        return {"amount": [_("This is over the ceiling of %(currency)s %(ceiling)s.") % words]}
    if amount < qip.budget and not reason.strip():
        return {"reason": [_("Say why less than the budget is approved.")]}
    return {}


def refuse_qip(qip: Qip, *, actor: Person, version: int, reason: str) -> Qip:
    """State that the committee did not approve it, with the reason."""
    need_reason(reason, _("Say why it is not approved."))
    with verb("qip.refuse", actor=actor, reason=reason):
        current = lock(qip, actor=actor, version=version)
        require(can_refuse(actor, current))
        _decide(current, QipState.NOT_APPROVED, actor, reason)
        save_changed(current)
        notify(current, "qip.not_approved", people=[current.author], actor=actor)
        return current


def _decide(qip: Qip, state: QipState, actor: Person, reason: str) -> None:
    qip.state, qip.decision_reason = state, reason
    qip.decided_by, qip.decided_at = actor, timezone.now()
