"""Who may do what with an operation: verb, state, and who is allowed. Everyone else is refused."""

import pytest

from operations.models import OperationState as S
from operations.policies import operation as policies
from operations.policies.plan import can_write_plan, can_write_section
from tests.factories.operations import OperationFactory, ParticipationFactory
from tests.operations.steps import post_of, revision_of

# Drafted by the owner for the team, led by the police, to be approved by the head above.
# The delegate deputises for the owner's position, so acts for the team.
TEAM = {"owner", "colleague", "head", "delegate"}
POLICE = {"other_component", "delegate", "group_member"}
TABLE = [
    ("can_edit", S.DRAFT, TEAM),
    ("can_edit", S.STAFFING, set()),
    ("can_edit", S.APPROVED, set()),
    ("can_staff", S.DRAFT, TEAM),
    ("can_staff", S.STAFFING, set()),
    ("can_pull_back", S.STAFFING, TEAM | POLICE),
    ("can_pull_back", S.DRAFT, set()),
    ("can_return", S.STAFFING, {"head_above"}),
    ("can_return", S.DRAFT, set()),
    # No risk is recorded.
    ("can_approve", S.STAFFING, set()),
    ("can_activate", S.APPROVED, TEAM | POLICE),
    ("can_activate", S.ACTIVE, set()),
    ("can_suspend", S.ACTIVE, TEAM | POLICE | {"head_above"}),
    ("can_suspend", S.SUSPENDED, set()),
    ("can_resume", S.SUSPENDED, TEAM | POLICE | {"head_above"}),
    ("can_complete", S.ACTIVE, TEAM | POLICE),
    ("can_complete", S.SUSPENDED, TEAM | POLICE),
    ("can_complete", S.APPROVED, set()),
    # The review is not finished.
    ("can_close", S.COMPLETED, set()),
    ("can_close", S.ACTIVE, set()),
    ("can_cancel", S.DRAFT, TEAM),
    ("can_cancel", S.ACTIVE, TEAM | POLICE | {"head_above"}),
    ("can_cancel", S.COMPLETED, set()),
    ("can_cancel", S.CLOSED, set()),
    ("can_assess", S.STAFFING, TEAM | POLICE),
    ("can_assess", S.CLOSED, set()),
    ("can_monitor", S.ACTIVE, TEAM | POLICE | {"partner"}),
    ("can_monitor", S.STAFFING, set()),
]


def operation_in(cast, state, **fields):
    operation = OperationFactory(
        owner_office=cast.team,
        author=cast.owner,
        approver=post_of(cast.head_above),
        state=state,
        **({"non_un_support": True} | fields),
    )
    ParticipationFactory(operation=operation, office=cast.police, role="lead")
    ParticipationFactory(operation=operation, office=cast.country_office, role="support")
    return operation


def allowed_to(cast, policy, *args):
    return {name for name, person in cast.everyone().items() if policy(person, *args)}


@pytest.mark.parametrize(("verb", "state", "allowed"), TABLE)
def test_verb_is_allowed_to(cast, verb, state, allowed):
    assert allowed_to(cast, getattr(policies, verb), operation_in(cast, state)) == allowed


def test_a_draft_is_begun_by_the_mission(cast):
    assert allowed_to(cast, policies.can_draft) == set(cast.everyone()) - {"partner", "postless", "inactive"}


@pytest.mark.parametrize("verb", ["can_assess", "can_monitor"])
def test_without_support_outside_the_un_there_is_nothing_to_assess(cast, verb):
    operation = operation_in(cast, S.ACTIVE, non_un_support=False)
    assert allowed_to(cast, getattr(policies, verb), operation) == set()


@pytest.mark.parametrize(("state", "allowed"), [(S.DRAFT, TEAM), (S.STAFFING, set()), (S.APPROVED, set())])
def test_the_plan_is_written_by(cast, state, allowed):
    revision = revision_of(operation_in(cast, state))
    assert allowed_to(cast, can_write_plan, revision) == allowed


def test_a_section_is_written_by_whoever_was_asked_too(cast):
    from operations.models import PlanWriter

    operation = operation_in(cast, S.DRAFT)
    PlanWriter.objects.create(operation=operation, section="mission", position=post_of(cast.outsider))
    revision = revision_of(operation)
    assert allowed_to(cast, can_write_section, revision, "mission") == TEAM | {"outsider"}
    assert allowed_to(cast, can_write_section, revision, "execution") == TEAM


def test_a_refusal_names_its_reason(cast):
    refused = policies.can_edit(cast.owner, operation_in(cast, S.ACTIVE))
    assert not refused
    assert "FRAGO" in refused.reason
