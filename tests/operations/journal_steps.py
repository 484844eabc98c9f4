"""An operation under way with tasks, decision points and entries in its journal, as the tests make them."""

from __future__ import annotations

from typing import Any

from operations.models import DecisionPoint, JournalEntry, Operation, OperationTask, Participation
from operations.services.journal import add_entry
from operations.services.journal_inputs import EntryInput
from tests.factories.core import ago, ahead
from tests.factories.operations import OperationFactory
from tests.operations.steps import WHY, post_of, revision_of


def under_way(cast: Any, **fields: Any) -> Operation:
    """Led by the team, supported by the police, the partner informed; approved by headquarters."""
    given = {
        "title": "Market days",
        "owner_office": cast.team,
        "author": cast.owner,
        "approver": post_of(cast.head_above),
        "state": "active",
        "approved_at": ago(days=6),
        "starts_at": ago(days=5),
        "ends_at": ahead(days=5),
        "audience_components": [1, 2],
    }
    operation: Any = OperationFactory(**(given | fields))
    for office, role, position in (
        (cast.team, "lead", None),
        (cast.police, "support", post_of(cast.other_component)),
        (cast.country_office, "informed", post_of(cast.partner)),
    ):
        Participation.objects.create(operation=operation, office=office, role=role, position=position)
    return operation  # type: ignore[no-any-return]


def a_task(operation: Operation, title: str = "Escort to the ford", **fields: Any) -> OperationTask:
    given = {"starts_at": ago(days=1), "ends_at": ahead(days=1), "office": operation.owner_office}
    return OperationTask.objects.create(revision=revision_of(operation), title=title, **(given | fields))


def a_point(operation: Operation, decider: Any = None, title: str = "Close the ford") -> DecisionPoint:
    return DecisionPoint.objects.create(
        revision=revision_of(operation),
        title=title,
        condition="The gauge is above two metres",
        follows="Traffic takes the bridge",
        due_at=ahead(days=1),
        decider=decider,
    )


def entered(operation: Operation, actor: Any, text: str = "Patrol has left", **more: Any) -> JournalEntry:
    return add_entry(operation, EntryInput(text, **more), actor=actor).entry


def journal_of(operation: Operation) -> list[JournalEntry]:
    rows = JournalEntry.objects.unscoped(WHY).filter(operation=operation)
    return list(rows.select_related("operation").order_by("number"))
