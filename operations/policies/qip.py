"""Who may do what with a quick impact project. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from operations.models import Qip, QipState, QipVote, VoteChoice
from operations.querysets.standing import seats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cimic_portal.core.models import Person, Position

_ENDED = (QipState.NOT_APPROVED, QipState.CLOSED, QipState.CANCELLED)


@dataclass(frozen=True)
class Count:
    """The votes of one review. An empty seat counts for nothing: silence is never consent."""

    asked: int
    in_favour: int
    against: int
    abstained: int
    quorum: int

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained

    @property
    def has_quorum(self) -> bool:
        return self.cast >= self.quorum

    @property
    def has_majority(self) -> bool:
        """More for it than against it; abstentions count for the quorum alone."""
        return self.in_favour > self.against


def count_votes(qip: Qip, votes: Iterable[QipVote] | None = None) -> Count:
    """The votes cast so far; `votes` where they were read already."""
    choices = (
        list(seats(qip).values_list("choice", flat=True))
        if votes is None
        else [vote.choice for vote in votes]
    )
    return Count(
        asked=len(choices),
        in_favour=choices.count(VoteChoice.FOR),
        against=choices.count(VoteChoice.AGAINST),
        abstained=choices.count(VoteChoice.ABSTAIN),
        quorum=qip.quorum or 1,
    )


def seats_open_to(person: Person, qip: Qip) -> list[QipVote]:
    """The seats for which the person can still vote on this project; none on their own proposal."""
    waiting = seats(qip).filter(choice="", position__in=person.access.positions)
    if qip.author_id == person.pk or _has_voted(person, qip):
        return []
    return [
        vote
        for vote in waiting.select_related("position__office")
        if decides_for(person, vote.position, authors={qip.author_id})
    ]


def _has_voted(person: Person, qip: Qip) -> bool:
    """Nobody votes twice on a project, for whatever positions they act."""
    return bool(seats(qip).filter(voter=person).exists())


def can_propose(person: Person) -> Decision:
    """Everyone with a current position, for their own office."""
    return can_act(person)


def can_edit(person: Person, qip: Qip) -> Decision:
    """Its author writes; when the author has left the organisation, the owner office does."""
    if not qip.is_writable:
        return Refused(_("Only a draft or returned proposal can be changed."))
    if qip.author_id == person.pk:
        return Allowed()
    author_stays = qip.owner_office.organisation_id in qip.author.access.organisations
    if not author_stays and qip.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("%(author)s is writing this proposal.") % {"author": qip.author})


def can_submit(person: Person, qip: Qip) -> Decision:
    return can_edit(person, qip)


def _chairs(person: Person, qip: Qip, authors: Collection[int] = ()) -> Decision:
    """Whoever acts for the position that leads the review.

    Not the author nor others whose work it is (ids), and nobody who deputises for them.
    """
    if qip.author_id == person.pk:
        return Refused(_("Nobody decides on their own proposal, in any position."))
    if qip.chair_id is None or qip.chair_id not in person.access.positions:
        return Refused(_("This is for the committee's chair: %(position)s.") % {"position": qip.chair})
    if not decides_for(person, cast("Position", qip.chair), authors={qip.author_id, *authors}):
        return Refused(_("You deputise for its author, who may not decide on it. Another holder does."))
    return Allowed()


def can_take_up(person: Person, qip: Qip) -> Decision:
    """Begin the review: the members are asked to vote."""
    if qip.state != QipState.SUBMITTED:
        return Refused(_("Only a submitted proposal can be taken up."))
    return _chairs(person, qip)


def can_return(person: Person, qip: Qip) -> Decision:
    if qip.state not in (QipState.SUBMITTED, QipState.UNDER_REVIEW):
        return Refused(_("Only a proposal that waits for the committee can be returned."))
    return _chairs(person, qip)


def can_vote(person: Person, qip: Qip) -> Decision:
    """For a member position that has not voted yet, never on one's own proposal or for its author."""
    if qip.state != QipState.UNDER_REVIEW:
        return Refused(_("The committee votes only while a proposal is under review."))
    if qip.author_id == person.pk:
        return Refused(_("Nobody votes on their own proposal, in any position."))
    if seats_open_to(person, qip):
        return Allowed()
    return Refused(_why_no_vote(person, qip))


def _why_no_vote(person: Person, qip: Qip) -> str:
    if _has_voted(person, qip):
        return _("You have voted on this proposal; each person votes once, and a vote stands.")
    own = seats(qip).filter(position__in=person.access.positions)
    if own.exclude(choice="").exists():
        return _("Your seat on the committee has voted; a vote stands.")
    if own.exists():
        return _("You deputise for its author, who may not vote on it. Another holder does.")
    return _("No position of yours is asked to vote on this proposal.")


def _can_decide(person: Person, qip: Qip) -> Decision:
    if qip.state != QipState.UNDER_REVIEW:
        return Refused(_("Only a proposal under review can be decided."))
    chairing = _chairs(person, qip)
    if isinstance(chairing, Refused):
        return chairing
    count = count_votes(qip)
    if not count.has_quorum:
        return Refused(
            _("%(cast)s of %(asked)s members have voted; at least %(quorum)s must, and silence is no vote.")
            % {"cast": count.cast, "asked": count.asked, "quorum": count.quorum}
        )
    return Allowed()


def can_approve(person: Person, qip: Qip) -> Decision:
    """The chair states what the committee decided: with the quorum, and more votes for it than against."""
    decision = _can_decide(person, qip)
    if decision and not (count := count_votes(qip)).has_majority:
        return Refused(
            _("There is no majority for it: %(for)s for, %(against)s against.")
            % {"for": count.in_favour, "against": count.against}
        )
    return decision


def can_refuse(person: Person, qip: Qip) -> Decision:
    """With the quorum and without a majority for it: the chair alone does not overrule the members."""
    decision = _can_decide(person, qip)
    if decision and count_votes(qip).has_majority:
        return Refused(_("The majority is for it. Approve it, or return it with what has to change."))
    return decision


def _carries_out(person: Person, qip: Qip) -> Decision:
    """The work is led by the owner office."""
    if qip.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("This project is led by %(office)s.") % {"office": qip.owner_office})


def can_start(person: Person, qip: Qip) -> Decision:
    if qip.state != QipState.APPROVED:
        return Refused(_("Only an approved project can be started."))
    return _carries_out(person, qip)


def can_report_milestone(person: Person, qip: Qip) -> Decision:
    if qip.state != QipState.UNDER_WAY:
        return Refused(_("Milestones are reported while the project is under way."))
    return _carries_out(person, qip)


def can_record_payment(person: Person, qip: Qip) -> Decision:
    """Record or strike a payment: while the work goes on, and the last ones after it."""
    if qip.state not in (QipState.UNDER_WAY, QipState.COMPLETED):
        return Refused(_("Payments are recorded from the start of the work until the project is closed."))
    return _carries_out(person, qip)


def can_add_photo(person: Person, qip: Qip) -> Decision:
    """Add or strike a photo."""
    if qip.state in _ENDED:
        return Refused(_("This project has ended; its photos stand as they are."))
    return _carries_out(person, qip)


def can_complete(person: Person, qip: Qip) -> Decision:
    if qip.state != QipState.UNDER_WAY:
        return Refused(_("Only a project under way can be reported complete."))
    return _carries_out(person, qip)


def can_close(person: Person, qip: Qip) -> Decision:
    """The chair accepts the completion report, or asks for more; never of their own work."""
    if qip.state != QipState.COMPLETED:
        return Refused(_("Only a completed project can be closed."))
    if qip.completed_by_id == person.pk:
        return Refused(_("You wrote the completion report; somebody else accepts it."))
    return _chairs(person, qip, [qip.completed_by_id] if qip.completed_by_id else [])


def can_cancel(person: Person, qip: Qip) -> Decision:
    """The owner office gives it up; once it is submitted, the chair can stop it too."""
    if qip.state in (*_ENDED, QipState.COMPLETED):
        return Refused(_("This project has ended, or its work is done."))
    leading = _carries_out(person, qip)
    if leading or not qip.is_published or not _chairs(person, qip):
        return leading
    return Allowed()
