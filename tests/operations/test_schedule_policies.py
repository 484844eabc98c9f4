"""Who plans tasks and times, and who reports progress: one table."""

from __future__ import annotations

from typing import Any

import pytest

from operations.models import PlanWriter
from operations.policies.schedule import can_plan_time, can_report_progress
from tests.operations.schedule_steps import again, task
from tests.operations.steps import drafted, post_of, revision_of, staffed
from tests.operations.test_schedule_pages import in_force

pytestmark = pytest.mark.django_db
PLANNERS = {"owner", "colleague", "head", "delegate"}


def fresh(person: Any) -> Any:
    person.__dict__.pop("access", None)
    return person


def who(cast: Any, policy: Any, thing: Any) -> set[str]:
    people = cast.everyone().items()
    return {name for name, person in people if fresh(person).access.keys and policy(person, thing)}


def test_in_a_draft_the_owner_office_and_the_writer_of_execution_plan(cast: Any) -> None:
    operation = drafted(cast)
    assert who(cast, can_plan_time, revision_of(operation)) == PLANNERS
    PlanWriter.objects.create(
        operation=operation, section="execution", position=post_of(cast.other_component)
    )
    assert who(cast, can_plan_time, revision_of(operation)) == {*PLANNERS, "other_component"}


def test_writer_of_another_section_does_not(cast: Any) -> None:
    operation = drafted(cast)
    PlanWriter.objects.create(
        operation=operation, section="situation", position=post_of(cast.other_component)
    )
    assert who(cast, can_plan_time, revision_of(operation)) == PLANNERS


def test_in_staffing_nobody_plans(cast: Any) -> None:
    assert who(cast, can_plan_time, revision_of(staffed(cast))) == set()


def test_progress_is_reported_by_those_who_do_it_and_those_who_lead(cast: Any) -> None:
    operation = drafted(cast)
    theirs = task(operation, cast.owner, "Patrol", 6, 7, office=cast.police)
    nobodys = task(operation, cast.owner, "Letter", 6, 7)
    assert who(cast, can_report_progress, again(theirs)) == set()
    in_force(cast, operation)
    police = {"other_component", "group_member", "delegate"}
    assert who(cast, can_report_progress, again(theirs)) == PLANNERS | police
    assert who(cast, can_report_progress, again(nobodys)) == PLANNERS
    refusal = can_report_progress(cast.partner, again(theirs))
    assert str(cast.police) in refusal.reason
    assert "given to nobody" in can_report_progress(cast.partner, again(nobodys)).reason
