"""Who writes in the journal, strikes and decides: verb, state, and who is allowed; all others are refused."""

import pytest

from operations.models import JournalEntry, Operation, ReachedDecision
from operations.models import OperationState as S
from operations.policies import journal as policies
from tests.operations.journal_steps import a_point, entered, under_way
from tests.operations.steps import WHY, post_of

# Led by the team, supported by the police; the partner is informed; approved by the head above.
TEAM = {"owner", "colleague", "head", "delegate"}
POLICE = {"other_component", "delegate", "group_member"}
WRITERS = TEAM | POLICE | {"head_above"}
TABLE = [
    ("can_write_journal", S.ACTIVE, WRITERS),
    ("can_write_journal", S.SUSPENDED, WRITERS),
    ("can_write_journal", S.APPROVED, set()),
    ("can_write_journal", S.COMPLETED, set()),
    ("can_write_journal", S.CLOSED, set()),
    # The entry is one of the police.
    ("can_strike_entry", S.ACTIVE, TEAM | {"other_component"}),
    ("can_strike_entry", S.COMPLETED, set()),
    # The head above decides.
    ("can_decide_point", S.ACTIVE, {"head_above"}),
    ("can_decide_point", S.SUSPENDED, {"head_above"}),
    ("can_decide_point", S.COMPLETED, set()),
]


def subject(operation, cast, verb):
    point = a_point(operation, decider=post_of(cast.head_above))
    entered(operation, cast.other_component)
    entered(operation, cast.owner, kind="situation", decision=point.key)
    if verb == "can_write_journal":
        return operation
    if verb == "can_strike_entry":
        return JournalEntry.objects.unscoped(WHY).get(number=1)
    return ReachedDecision.objects.unscoped(WHY).select_related("decider__office").get()


@pytest.mark.parametrize(("verb", "state", "allowed"), TABLE)
def test_who_may(cast, verb, state, allowed):
    operation = under_way(cast)
    one = subject(operation, cast, verb)
    Operation.objects.unscoped(WHY).filter(pk=operation.pk).update(state=state)
    now = Operation.objects.unscoped(WHY).select_related("owner_office", "approver").get(pk=operation.pk)
    if verb == "can_write_journal":
        one = now
    else:
        one.operation = now
    found = {
        name
        for name, person in cast.everyone().items()
        if Operation.objects.visible_to(person).filter(pk=operation.pk).exists()
        and getattr(policies, verb)(person, one)
    }
    assert found == allowed


def test_whoever_is_only_informed_is_told_that_they_read(cast):
    refused = policies.can_write_journal(cast.partner, under_way(cast))
    assert "it reads the journal" in refused.reason


def test_without_a_decider_whoever_leads_decides(cast):
    operation = under_way(cast)
    point = a_point(operation)
    entered(operation, cast.owner, kind="situation", decision=point.key)
    reached = ReachedDecision.objects.unscoped(WHY).get()
    reached.operation = Operation.objects.unscoped(WHY).select_related("owner_office").get()
    found = {name for name, one in cast.everyone().items() if policies.can_decide_point(one, reached)}
    assert found == TEAM
