"""Steps of an operation, as the tests take them: by the verbs, with the cast."""

from __future__ import annotations

from typing import Any

from cimic_portal.core.models import Position
from cimic_portal.core.services.audience import Sharing
from operations.models import Concurrence, Operation, PlanRevision
from operations.services.inputs import OperationInput, ParticipantInput
from operations.services.operation import draft_operation
from operations.services.staffing import answer_staffing, staff_operation
from tests.factories.core import ahead
from tests.factories.operations import OperationTypeFactory, RiskFactory

WHY = "the test looks at everything"


def post_of(person: Any) -> Position:
    return person.holdings.get().position


def given(cast: Any, **changed: Any) -> OperationInput:
    """An operation led by the team, supported by the police; the partner is only informed."""
    fields = {
        "title": "Market days",
        "kind": OperationTypeFactory(),
        "purpose": "So that people can go to market",
        "starts_at": ahead(days=5),
        "ends_at": ahead(days=12),
        "approver": post_of(cast.head_above),
        "sharing": Sharing(1, (1, 2)),
        "participants": (
            ParticipantInput("lead", office=cast.team),
            ParticipantInput("support", office=cast.police, position=post_of(cast.other_component)),
            ParticipantInput("informed", office=cast.country_office, position=post_of(cast.partner)),
        ),
    }
    return OperationInput(**(fields | changed))


def drafted(cast: Any, **changed: Any) -> Operation:
    return draft_operation(given(cast, **changed), actor=cast.owner, office=cast.team)


def staffed(cast: Any, operation: Operation | None = None, **changed: Any) -> Operation:
    """With a risk, so that it can be approved."""
    one = operation or drafted(cast, **changed)
    RiskFactory(revision=revision_of(one))
    return staff_operation(one, actor=cast.owner, version=one.version, answers_due_at=ahead(days=2))


def answered(cast: Any, operation: Operation, by: Any, answer: str, reason: str = "") -> Operation:
    row = question_for(operation, by)
    return answer_staffing(
        operation, actor=by, version=operation.version, concurrence=row, answer=answer, reason=reason
    )


def question_for(operation: Operation, person: Any) -> Concurrence:
    rows = Concurrence.objects.unscoped(WHY).filter(operation=operation, round=operation.round)
    return rows.get(position=post_of(person))


def revision_of(operation: Operation) -> PlanRevision:
    return PlanRevision.objects.unscoped(WHY).filter(operation=operation).order_by("-number").first()
