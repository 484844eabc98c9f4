"""Who may do what in liaison, as one table: verb, state, and who is allowed. Everyone else is refused."""

import pytest

from liaison import policies
from liaison.models import EngagementState as E
from liaison.models import TaskingState as T
from tests.factories.liaison import EngagementFactory, TaskingFactory

# verb, state, allowed; author is `owner`, the report waits for `head`.
ENGAGEMENT = [
    ("can_edit", E.PLANNED, {"owner"}),
    ("can_edit", E.DRAFT, {"owner"}),
    ("can_edit", E.RETURNED, {"owner"}),
    ("can_edit", E.SUBMITTED, set()),
    ("can_edit", E.RELEASED, set()),
    ("can_edit", E.NOT_HELD, set()),
    ("can_submit", E.PLANNED, set()),
    ("can_submit", E.DRAFT, {"owner"}),
    ("can_submit", E.RETURNED, {"owner"}),
    ("can_submit", E.SUBMITTED, set()),
    ("can_submit", E.RELEASED, set()),
    ("can_release", E.DRAFT, set()),
    ("can_release", E.SUBMITTED, {"head"}),
    ("can_release", E.RETURNED, set()),
    ("can_release", E.RELEASED, set()),
    ("can_hold", E.PLANNED, {"owner"}),
    ("can_hold", E.DRAFT, set()),
    # The delegate deputises for a position of the team, so acts for the office.
    ("can_settle", E.RELEASED, {"owner", "colleague", "head", "delegate"}),
]

# The tasking is for the owner's position, issued by the head above.
TASKING = [
    ("can_acknowledge", T.ISSUED, {"owner", "delegate"}),
    ("can_acknowledge", T.ACKNOWLEDGED, set()),
    ("can_acknowledge", T.DONE, set()),
    ("can_start", T.ISSUED, set()),
    ("can_start", T.ACKNOWLEDGED, {"owner", "delegate"}),
    ("can_start", T.IN_PROGRESS, set()),
    ("can_complete", T.ISSUED, set()),
    ("can_complete", T.ACKNOWLEDGED, {"owner", "delegate"}),
    ("can_complete", T.IN_PROGRESS, {"owner", "delegate"}),
    ("can_complete", T.DECLINED, set()),
    ("can_decline", T.ISSUED, {"owner", "delegate"}),
    ("can_decline", T.IN_PROGRESS, {"owner", "delegate"}),
    ("can_decline", T.WITHDRAWN, set()),
    ("can_withdraw", T.ISSUED, {"head_above"}),
    ("can_withdraw", T.IN_PROGRESS, {"head_above"}),
    ("can_withdraw", T.DONE, set()),
]


@pytest.mark.parametrize(("verb", "state", "allowed"), ENGAGEMENT)
def test_engagement_verb_is_allowed_to(cast, verb, state, allowed):
    engagement = EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        approver=cast.head.holdings.get().position,
        state=state,
        published=state == E.RELEASED,
    )
    policy = getattr(policies, verb)
    assert {name for name, person in cast.everyone().items() if policy(person, engagement)} == allowed


@pytest.mark.parametrize(("verb", "state", "allowed"), TASKING)
def test_tasking_verb_is_allowed_to(cast, verb, state, allowed):
    tasking = TaskingFactory(
        owner_office=cast.hq,
        author=cast.head_above,
        issuer=cast.head_above.holdings.get().position,
        assignee=cast.owner.holdings.get().position,
        state=state,
        published=True,
    )
    policy = getattr(policies, verb)
    assert {name for name, person in cast.everyone().items() if policy(person, tasking)} == allowed


def test_refusal_names_its_reason(cast):
    engagement = EngagementFactory(
        owner_office=cast.team,
        author=cast.head,
        approver=cast.head.holdings.get().position,
        state=E.SUBMITTED,
    )
    refused = policies.can_release(cast.head, engagement)
    assert not refused
    assert "own report" in refused.reason


def test_author_who_left_hands_the_draft_to_the_office(cast):
    engagement = EngagementFactory(owner_office=cast.team, author=cast.postless, state=E.DRAFT)
    assert policies.can_edit(cast.colleague, engagement)
    assert not policies.can_edit(cast.outsider, engagement)


@pytest.mark.parametrize("policy", [policies.can_log, policies.can_issue])
def test_entering_needs_a_current_post(cast, policy):
    refused = {name for name, person in cast.everyone().items() if not policy(person)}
    assert refused == {"postless", "inactive"}
