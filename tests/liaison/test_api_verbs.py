"""Verbs of liaison in the API: each leads to its state, for those who may and on the version shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from cimic_portal.core.models import Person
from tests.factories.cast import Cast
from tests.factories.liaison import EngagementFactory, TaskingFactory
from tests.support.pages import signed_in


def post(person: Person, address: str, **sent: Any) -> Any:
    return signed_in(person).post(f"/api/v1/{address}/", sent, content_type="application/json")


def position_of(person: Person) -> Any:
    return person.holdings.get().position


class Step(NamedTuple):
    """One verb: from which state to which, what is sent, who may and who may not."""

    before: str
    verb: str
    sent: dict[str, str]
    may: str
    may_not: str
    after: str


ENGAGEMENT = [
    Step("planned", "held", {}, "owner", "outsider", "draft"),
    Step("planned", "not-held", {"reason": "The road was closed"}, "owner", "outsider", "not_held"),
    Step("submitted", "return", {"reason": "Say who promised"}, "head", "owner", "returned"),
]


@pytest.mark.parametrize("step", ENGAGEMENT, ids=lambda step: step.verb)
def test_engagement(cast: Cast, step: Step) -> None:
    may, may_not = getattr(cast, step.may), getattr(cast, step.may_not)
    engagement = EngagementFactory(
        owner_office=cast.team,
        author=cast.owner,
        state=step.before,
        starts_at=timezone.now() - timedelta(hours=1),
        approver=position_of(cast.head) if step.before == "submitted" else None,
    )
    address = f"engagements/{engagement.reference}/{step.verb}"
    assert post(may_not, address, version=engagement.version, **step.sent).status_code in {403, 404}
    assert post(may, address, version=engagement.version + 1, **step.sent).status_code == 409
    told = post(may, address, version=engagement.version, **step.sent).json()
    assert told["state"] == step.after
    assert step.sent.get("reason", "") in {told["returned_reason"], told["not_held_reason"]}


TASKING = [
    Step("acknowledged", "start", {}, "owner", "head_above", "in_progress"),
    Step("issued", "decline", {"reason": "No boat"}, "owner", "head_above", "declined"),
    Step("issued", "withdraw", {"reason": "Overtaken"}, "head_above", "owner", "withdrawn"),
]


@pytest.mark.parametrize("step", TASKING, ids=lambda step: step.verb)
def test_tasking(cast: Cast, step: Step) -> None:
    may, may_not = getattr(cast, step.may), getattr(cast, step.may_not)
    tasking = TaskingFactory(
        owner_office=cast.hq,
        author=cast.head_above,
        issuer=position_of(cast.head_above),
        assignee=position_of(cast.owner),
        state=step.before,
        published=True,
    )
    address = f"taskings/{tasking.reference}/{step.verb}"
    assert post(may_not, address, version=tasking.version, **step.sent).status_code == 403
    assert post(may, address, version=tasking.version + 1, **step.sent).status_code == 409
    told = post(may, address, version=tasking.version, **step.sent).json()
    assert (told["state"], told["state_reason"]) == (step.after, step.sent.get("reason", ""))
