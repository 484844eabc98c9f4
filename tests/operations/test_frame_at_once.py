"""A FRAGO's frame and its tasks changed at the same moment, each over a connection of its own."""

from __future__ import annotations

from typing import Any

import pytest

from cimic_portal.core.errors import InvalidError, PortalError, StaleError
from operations.models import Operation, OperationTask, Participation
from operations.services import frame, schedule_checks
from operations.services.frago import issue_frago, submit_frago
from operations.services.frame import change_frame
from operations.services.inputs import FrameInput
from operations.services.schedule import add_task
from tests.factories.cast import make_cast
from tests.operations.steps import WHY, revision_of
from tests.operations.test_amend_frame import LATER, begun, framed, now, parties, work
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Any:
    return make_cast()


def together(monkeypatch: Any, module: Any, name: str, first: Any, second: Any) -> list[Any]:
    """The first stops at this function, in its transaction, until the second waits for it."""
    step, real, held = Step(), getattr(module, name), []

    def stopping(*about: Any, **more: Any) -> Any:
        found = real(*about, **more)
        if not held:
            held.append(True)
            step.here()
        return found

    monkeypatch.setattr(module, name, stopping)
    with AtOnce() as at_once:
        at_once.start(first)
        step.wait()
        at_once.start(second)
        try:
            at_once.wait_until_one_is_blocked()
        finally:
            step.release()
        return at_once.outcomes()


def tasks_of(operation: Operation, office: Any) -> int:
    return OperationTask.objects.unscoped(WHY).filter(revision=revision_of(operation), office=office).count()


def test_no_task_is_given_to_whom_the_frago_releases_at_once(cast: Any, monkeypatch: Any) -> None:
    operation = begun(cast)
    revision = revision_of(operation)
    _done, told = together(
        monkeypatch,
        frame,
        "frame_problems",
        lambda: framed(cast, operation, *parties(cast, without=(cast.police,))),
        lambda: add_task(revision, work(operation, office=cast.police), actor=cast.colleague),
    )
    assert isinstance(told, InvalidError)
    assert tasks_of(operation, cast.police) == 0


def test_nobody_is_released_who_is_given_a_task_at_once(cast: Any, monkeypatch: Any) -> None:
    operation = begun(cast)
    revision = revision_of(operation)
    made, told = together(
        monkeypatch,
        schedule_checks,
        "load",
        lambda: add_task(revision, work(operation, office=cast.police), actor=cast.colleague),
        lambda: framed(cast, operation, *parties(cast, without=(cast.police,))),
    )
    assert isinstance(made, OperationTask)
    assert isinstance(told, InvalidError)
    assert "Mark the ford" in str(told.fields["participants"])


def test_frame_changed_and_frago_submitted_at_once_is_one_and_a_refusal(cast: Any) -> None:
    operation = begun(cast)
    framed(cast, operation, ends_at=operation.ends_at + LATER)
    shown = now(operation)
    data = FrameInput(shown.starts_at, shown.ends_at + 2 * LATER, parties(cast))
    with AtOnce() as at_once:
        at_once.start(lambda: change_frame(shown, data, actor=cast.owner, version=shown.version))
        at_once.start(lambda: submit_frago(shown, actor=cast.colleague, version=shown.version))
        outcomes = at_once.outcomes()
    assert {type(one) for one in outcomes} == {Operation, StaleError}


def test_issued_twice_at_once_is_issued_once(cast: Any) -> None:
    operation = begun(cast)
    framed(cast, operation, *parties(cast, without=(cast.country_office,)))
    shown = submit_frago(now(operation), actor=cast.owner, version=now(operation).version)
    with AtOnce() as at_once:
        for _time in range(3):
            at_once.start(lambda: issue_frago(now(shown), actor=cast.head_above, version=shown.version))
        outcomes = at_once.outcomes()
    assert sum(isinstance(one, Operation) for one in outcomes) == 1
    assert sum(isinstance(one, PortalError) for one in outcomes) == 2
    assert revision_of(operation).frago_number == 1
    assert Participation.objects.unscoped(WHY).filter(operation=operation).count() == 2
