"""Nobody decides on their own work: not on a row of it, nor by the hand of a delegate."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.errors import RefusedError
from operations.models import Concurrence
from operations.policies.operation import can_approve
from operations.policies.qip import can_close, can_vote
from operations.querysets.standing import writers
from operations.services import qip_review as review
from operations.services.frago import issue_frago, open_frago, submit_frago
from operations.services.inputs import ParticipantInput
from operations.services.plan_inputs import RiskInput
from operations.services.plan_rows import add_row
from operations.services.plan_text import save_section
from operations.services.schedule import set_needs
from operations.services.staffing import approve_operation, pull_back
from tests.factories.core import DelegationFactory, HoldingFactory
from tests.factories.operations_qip import reviewed_qip, running_qip
from tests.operations.plan_steps import saved, section
from tests.operations.schedule_steps import again, task
from tests.operations.steps import WHY, answered, drafted, post_of, revision_of, staffed

pytestmark = pytest.mark.django_db
RISK = RiskInput("Looting", 4, 4, civilians="Stalls lost", mitigation="Patrols", owner=None)


def lend(cast: Any, person: Any, to: Any) -> None:
    """Somebody deputises for a post of another."""
    DelegationFactory(position=post_of(person), delegator=person, delegate=to)
    to.__dict__.pop("access", None)


def led_from_above(cast: Any) -> Any:
    """A draft of the team; the approver's own office leads it, and so writes in the plan once it is known."""
    rows = (
        ParticipantInput("lead", office=cast.hq),
        ParticipantInput("support", office=cast.police, position=post_of(cast.other_component)),
        ParticipantInput("informed", office=cast.country_office, position=post_of(cast.partner)),
    )
    return drafted(cast, participants=rows)


def all_concur(cast: Any, operation: Any) -> None:
    for person in (cast.head_above, cast.other_component, cast.partner):
        answered(cast, operation, person, "concurs")


def in_force(cast: Any) -> Any:
    operation = staffed(cast, led_from_above(cast))
    all_concur(cast, operation)
    return approve_operation(operation, actor=cast.head_above, version=operation.version)


def test_whoever_added_a_row_does_not_approve(cast):
    operation = staffed(cast, led_from_above(cast))
    operation = pull_back(operation, actor=cast.owner, version=operation.version, reason="A risk is missing")
    add_row(revision_of(operation), RISK, actor=cast.head_above)
    operation = staffed(cast, operation)
    all_concur(cast, operation)
    assert "nobody approves their own work" in can_approve(cast.head_above, operation).reason
    with pytest.raises(RefusedError, match="own work"):
        approve_operation(operation, actor=cast.head_above, version=operation.version)


def test_whoever_only_linked_two_tasks_does_not_approve(cast):
    operation = drafted(cast)
    first = task(operation, cast.owner, "Fence", 6, 7)
    second = task(operation, cast.owner, "Lights", 7, 8)
    assert cast.colleague.pk not in writers(operation)
    set_needs(again(second), [first], actor=cast.colleague, version=1)
    assert cast.colleague.pk in writers(operation)


def test_whoever_took_the_plan_along_has_not_written_it(cast):
    operation = in_force(cast)
    assert operation.state == "approved"
    assert operation.approved_by == cast.head_above


def test_whoever_wrote_a_section_before_another_does_not_issue(cast):
    operation = in_force(cast)
    operation = open_frago(
        operation, actor=cast.owner, version=operation.version, title="Ferry", reason="Flood"
    )
    saved(operation, "Go round by the bridge", cast.head_above, kind="execution")
    row = section(operation, "execution")
    save_section(row.revision, "execution", "Go round by the bridges", actor=cast.owner, version=row.version)
    operation = submit_frago(operation, actor=cast.owner, version=operation.version)
    with pytest.raises(RefusedError, match="own work"):
        issue_frago(operation, actor=cast.head_above, version=operation.version)


def test_the_writers_delegate_does_not_issue(cast):
    operation = in_force(cast)
    operation = open_frago(
        operation, actor=cast.head_above, version=operation.version, title="Ferry", reason="Flood"
    )
    saved(operation, "Go round by the bridge", cast.head_above, kind="execution")
    operation = submit_frago(operation, actor=cast.owner, version=operation.version)
    lend(cast, cast.head_above, cast.colleague)
    with pytest.raises(RefusedError, match="deputise"):
        issue_frago(operation, actor=cast.colleague, version=operation.version)


def test_the_lead_answers_by_sending_only_where_it_sends(cast):
    rows = (
        ParticipantInput("lead", office=cast.police, position=post_of(cast.other_component)),
        ParticipantInput("support", office=cast.team),
    )
    operation = staffed(cast, drafted(cast, participants=rows))
    lead = Concurrence.objects.unscoped(WHY).get(operation=operation, office=cast.police)
    assert (lead.answer, lead.answered_by) == ("pending", None)


def test_the_delegate_of_who_reported_does_not_accept(cast):
    qip = running_qip(cast, state="completed", completed_by=cast.outsider)
    HoldingFactory(person=cast.outsider, position=post_of(cast.head_above))
    DelegationFactory(position=post_of(cast.head_above), delegator=cast.outsider, delegate=cast.colleague)
    cast.colleague.__dict__.pop("access", None)
    assert can_close(cast.head_above, qip)
    assert "deputise" in can_close(cast.colleague, qip).reason


def test_one_person_votes_once(cast):
    qip = reviewed_qip(cast)
    lend(cast, cast.head_above, cast.head)
    review.cast_vote(
        qip, actor=cast.head, version=qip.version, position=post_of(cast.head).pk, choice="for", reason="Dry"
    )
    assert "votes once" in can_vote(cast.head, qip).reason
