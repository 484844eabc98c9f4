"""Who may do what with a project, as one table: verb, state, who is allowed. Everyone else is refused."""

from __future__ import annotations

import pytest

from operations.models import QipState as S
from operations.policies import qip as policies
from tests.factories.cast import Cast
from tests.factories.core import DelegationFactory, HoldingFactory, PersonFactory
from tests.factories.operations_qip import QipFactory, post_of, reviewed_qip, running_qip

# The delegate deputises for the owner, so acts for the team, but never decides on the owner's work.
TEAM = {"owner", "colleague", "head", "delegate"}
CHAIR = {"head_above"}
TABLE = [
    ("can_edit", {S.DRAFT: {"owner"}, S.RETURNED: {"owner"}}),
    ("can_submit", {S.DRAFT: {"owner"}, S.RETURNED: {"owner"}}),
    ("can_take_up", {S.SUBMITTED: CHAIR}),
    ("can_return", {S.SUBMITTED: CHAIR, S.UNDER_REVIEW: CHAIR}),
    ("can_vote", {S.UNDER_REVIEW: {"head_above", "head", "other_component"}}),
    ("can_start", {S.APPROVED: TEAM}),
    ("can_report_milestone", {S.UNDER_WAY: TEAM}),
    ("can_record_payment", {S.UNDER_WAY: TEAM, S.COMPLETED: TEAM}),
    (
        "can_add_photo",
        dict.fromkeys(set(S) - {S.CLOSED, S.CANCELLED, S.NOT_APPROVED}, TEAM),
    ),
    ("can_complete", {S.UNDER_WAY: TEAM}),
    ("can_close", {S.COMPLETED: CHAIR}),
    (
        "can_cancel",
        {
            S.DRAFT: TEAM,
            S.RETURNED: TEAM,
            S.SUBMITTED: TEAM | CHAIR,
            S.UNDER_REVIEW: TEAM | CHAIR,
            S.APPROVED: TEAM | CHAIR,
            S.UNDER_WAY: TEAM | CHAIR,
        },
    ),
]


def allowed(cast: Cast, verb: str, qip: object) -> set[str]:
    policy = getattr(policies, verb)
    return {name for name, person in cast.everyone().items() if policy(person, qip)}


@pytest.mark.parametrize("state", list(S))
def test_verbs_are_allowed_to(cast: Cast, state: S) -> None:
    qip = running_qip(cast, state) if state != S.UNDER_REVIEW else reviewed_qip(cast)
    told = {verb: allowed(cast, verb, qip) for verb, _where in TABLE}
    assert told == {verb: where.get(state, set()) for verb, where in TABLE}


def test_proposing_needs_a_current_post(cast: Cast) -> None:
    refused = {name for name, person in cast.everyone().items() if not policies.can_propose(person)}
    assert refused == {"postless", "inactive"}


DECISIONS = [
    ({}, set(), set(), "0 of 3"),
    ({"head": "for"}, set(), set(), "1 of 3"),
    ({"head": "for", "other_component": "for"}, CHAIR, set(), ""),
    ({"head": "for", "other_component": "abstain"}, CHAIR, set(), ""),
    ({"head": "for", "other_component": "against"}, set(), CHAIR, "1 for, 1 against"),
    ({"head": "abstain", "other_component": "abstain"}, set(), CHAIR, "0 for, 0 against"),
    ({"head": "against", "other_component": "against", "head_above": "for"}, set(), CHAIR, "1 for, 2"),
]


@pytest.mark.parametrize(("votes", "approve", "refuse", "why"), DECISIONS)
def test_chair_states_what_quorum_and_majority_decided(
    cast: Cast, votes: dict[str, str], approve: set[str], refuse: set[str], why: str
) -> None:
    """An empty seat is no vote, and abstentions make a quorum but no majority."""
    qip = reviewed_qip(cast, votes)
    assert allowed(cast, "can_approve", qip) == approve
    assert allowed(cast, "can_refuse", qip) == refuse
    decision = policies.can_approve(cast.head_above, qip)
    assert why in getattr(decision, "reason", "")


@pytest.mark.parametrize("verb", ["can_vote", "can_approve", "can_refuse", "can_return", "can_take_up"])
@pytest.mark.parametrize("state", [S.SUBMITTED, S.UNDER_REVIEW])
def test_nobody_decides_their_own_whichever_seat_they_hold(cast: Cast, verb: str, state: S) -> None:
    """The author comes to hold the chair and a seat as well, and lets somebody deputise for the chair."""
    qip = reviewed_qip(cast, {"head": "for", "other_component": "for"}, version=1)
    qip.state = state
    chair = post_of(cast.head_above)
    HoldingFactory(person=cast.owner, position=chair)
    deputy = PersonFactory(family_name="Deputy")
    HoldingFactory(person=deputy, position=post_of(cast.colleague))
    DelegationFactory(position=chair, delegator=cast.owner, delegate=deputy)
    for person in (cast.owner, deputy):
        assert chair.pk in person.access.positions
        assert not getattr(policies, verb)(person, qip)


def test_completion_is_not_accepted_by_whoever_reported_it(cast: Cast) -> None:
    qip = running_qip(cast, S.COMPLETED, completed_by=cast.head_above)
    refused = policies.can_close(cast.head_above, qip)
    assert "somebody else" in getattr(refused, "reason", "")


def test_seat_that_has_voted_is_told_so(cast: Cast) -> None:
    qip = reviewed_qip(cast, {"head": "for"})
    assert "stands" in getattr(policies.can_vote(cast.head, qip), "reason", "")
    assert "No position of yours" in getattr(policies.can_vote(cast.outsider, qip), "reason", "")


def test_author_who_left_hands_the_proposal_to_the_office(cast: Cast) -> None:
    qip = QipFactory(owner_office=cast.team, author=cast.postless)
    assert policies.can_edit(cast.colleague, qip)
    assert not policies.can_edit(cast.outsider, qip)
