"""Tasking a position: issued, answered, reminded of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import OutboxEntry
from cimic_portal.core.services.audience import Sharing
from liaison.models import Tasking, TaskingResult
from liaison.services.tasking import (
    TaskingInput,
    acknowledge_tasking,
    complete_tasking,
    decline_tasking,
    issue_tasking,
    remind_of_taskings,
    start_tasking,
    withdraw_tasking,
)
from tests.factories.core import PositionFactory
from tests.factories.liaison import EngagementFactory


def position_of(person):
    return person.holdings.get().position


def issue(cast, **changes):
    values = {
        "title": "Meet the water committee",
        "why": "The engineers arrive on Monday.",
        "assignee": position_of(cast.owner),
        "due_at": timezone.now() + timedelta(days=2),
    }
    data = TaskingInput(**{**values, **changes})
    return issue_tasking(data, actor=cast.head_above, issuer=position_of(cast.head_above))


def told(kind):
    return [row.payload["positions"] for row in OutboxEntry.objects.filter(payload__kind=kind)]


def test_position_and_its_delegate_see_the_tasking_at_once(cast):
    issue(cast)
    for person in (cast.owner, cast.delegate, cast.head_above):
        assert Tasking.objects.visible_to(person).exists()
    assert not Tasking.objects.visible_to(cast.outsider).exists()
    assert told("tasking.issued") == [[position_of(cast.owner).pk]]


def test_tasking_is_done_and_names_its_engagements(cast):
    tasking = issue(cast)
    report = EngagementFactory(owner_office=cast.team, author=cast.owner, published=True)
    hidden = EngagementFactory(owner_office=cast.country_office, author=cast.partner, published=True)
    tasking = acknowledge_tasking(tasking, actor=cast.owner, version=tasking.version)
    tasking = start_tasking(tasking, actor=cast.delegate, version=tasking.version)
    tasking = complete_tasking(
        tasking, actor=cast.owner, version=tasking.version, outcome="", results=[report, hidden]
    )
    assert tasking.state == "done"
    assert list(TaskingResult.objects.unscoped("test").values_list("engagement", flat=True)) == [report.pk]
    assert told("tasking.done") == [[position_of(cast.head_above).pk]]


def test_done_needs_an_outcome_or_an_engagement(cast):
    tasking = issue(cast)
    tasking = acknowledge_tasking(tasking, actor=cast.owner, version=tasking.version)
    with pytest.raises(InvalidError):
        complete_tasking(tasking, actor=cast.owner, version=tasking.version, outcome=" ")


@pytest.mark.parametrize("reason", ["", "  "])
def test_declining_and_withdrawing_need_a_reason(cast, reason):
    tasking = issue(cast)
    with pytest.raises(InvalidError):
        decline_tasking(tasking, actor=cast.owner, version=tasking.version, reason=reason)
    with pytest.raises(InvalidError):
        withdraw_tasking(tasking, actor=cast.head_above, version=tasking.version, reason=reason)


def test_reason_of_declining_is_kept(cast):
    tasking = issue(cast)
    tasking = decline_tasking(tasking, actor=cast.owner, version=tasking.version, reason="No vehicle.")
    assert (tasking.state, tasking.state_reason) == ("declined", "No vehicle.")


def test_other_organisation_cannot_be_tasked(cast):
    with pytest.raises(RefusedError):
        issue(cast, assignee=position_of(cast.partner))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": timezone.now() - timedelta(hours=1)}, "due_at"),
        ({"due_at": timezone.now() + timedelta(days=900)}, "due_at"),
    ],
)
def test_bad_due_time_is_told_at_its_field(cast, changes, field):
    with pytest.raises(InvalidError) as caught:
        issue(cast, **changes)
    assert set(caught.value.fields) == {field}


def test_vacant_post_cannot_be_tasked(cast):
    with pytest.raises(InvalidError) as caught:
        issue(cast, assignee=PositionFactory(office=cast.team))
    assert "Nobody holds" in caught.value.fields["assignee"][0]


def test_holder_who_is_not_cleared_cannot_be_tasked(cast):
    with pytest.raises(InvalidError) as caught:
        issue(cast, assignee=position_of(cast.auditor), sharing=Sharing(2))
    assert "not cleared" in caught.value.fields["assignee"][0]


def test_reminders_are_sent_once_before_and_once_after(cast):
    tasking = issue(cast, due_at=timezone.now() + timedelta(hours=20))
    remind_of_taskings()
    remind_of_taskings()
    assert told("tasking.due") == [[position_of(cast.owner).pk]]
    later = tasking.due_at + timedelta(minutes=5)
    remind_of_taskings(later)
    remind_of_taskings(later)
    assert told("tasking.overdue") == [[position_of(cast.owner).pk]]
    assert told("tasking.unanswered") == [[position_of(cast.head_above).pk]]


def test_closed_tasking_is_not_reminded_of(cast):
    tasking = issue(cast, due_at=timezone.now() + timedelta(hours=20))
    decline_tasking(tasking, actor=cast.owner, version=tasking.version, reason="No vehicle.")
    remind_of_taskings()
    assert told("tasking.due") == []
