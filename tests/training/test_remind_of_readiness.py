"""Reminders: each step once, one message a day that sums up, heads of those who are late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cimic_portal.core.models import Notification, OutboxEntry
from cimic_portal.core.services.notifications import TELL
from tests.factories.core import DelegationFactory
from tests.factories.training_readiness import RequirementFactory, qualified, with_records
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting, told
from training.models import Reminder, TrainingRecord
from training.services.readiness_news import remind_of_readiness

pytestmark = pytest.mark.django_db


def remind(days: int = 0) -> int:
    return remind_of_readiness(timezone.localdate() + timedelta(days=days))


def kinds() -> list[str]:
    rows = OutboxEntry.objects.filter(kind=TELL, payload__kind__startswith="readiness.")
    return sorted(rows.values_list("payload__kind", flat=True))


@pytest.fixture
def course(cast: Any) -> Any:
    """Asked of the owner's position alone, once taken at all times."""
    with_records(cast)
    return RequirementFactory(whom="position", position=post_of(cast.owner), days=100).course


def test_once_at_each_step(cast, course):
    qualified(cast.owner, course, expires=40)
    # 30, 14 and 0 days before it expires, and the day after.
    assert [day for day in range(45) if remind(day)] == [10, 26, 40, 41]
    assert kinds() == ["readiness.due"] * 3 + ["readiness.office", "readiness.overdue"]
    assert Reminder.objects.unscoped(WHY).count() == 4


def test_again_on_the_same_day_says_nothing(cast, course):
    qualified(cast.owner, course, expires=14)
    assert remind() == 1
    assert remind() == 0
    assert kinds() == ["readiness.due"]
    assert told("readiness.due")["people"] == [cast.owner.pk]


def test_a_sweep_that_came_late_tells_the_step_that_was_missed(cast, course):
    qualified(cast.owner, course, expires=40)
    assert remind(20) == 1
    assert remind(21) == 0


def test_one_message_sums_up_and_more_waits_until_tomorrow(cast, course):
    for days in (61, 70, 74):
        RequirementFactory(whom="position", position=post_of(cast.owner), days=days)
    assert remind() == 1
    assert kinds() == ["readiness.due"]
    RequirementFactory(whom="position", position=post_of(cast.owner), days=0)
    assert remind() == 0
    assert remind(1) == 1
    assert kinds() == ["readiness.due", "readiness.office", "readiness.overdue"]


def test_the_head_is_told_once_whoever_is_late(cast, course):
    RequirementFactory(whom="office", office=cast.team, days=10)
    remind()
    # Owner, colleague and head are late; the head hears of the others, the head above of the head.
    heads = OutboxEntry.objects.filter(kind=TELL, payload__kind="readiness.office")
    assert sorted(person for row in heads for person in row.payload["people"]) == sorted(
        [cast.head.pk, cast.head_above.pk]
    )


def test_what_people_are_told_names_nobody_else(cast, course):
    RequirementFactory(whom="office", office=cast.team, days=10)
    DelegationFactory(position=post_of(cast.head), delegator=cast.head, delegate=cast.other_component)
    remind()
    deliver_waiting()
    lines = Notification.objects.filter(kind="readiness.office")
    assert {line.person_id for line in lines} == {cast.head.pk, cast.head_above.pk}
    own = TrainingRecord.objects.unscoped(WHY).get(person=cast.head)
    assert {line.record_id for line in lines.filter(person=cast.head)} == {own.pk}


def test_renewed_in_time_nobody_is_told(cast, course):
    qualified(cast.owner, course, expires=10)
    qualified(cast.owner, course, issued=-1, expires=360)
    assert remind() == 0


def test_induction_is_due_for_everybody_who_arrives(cast):
    with_records(cast)
    RequirementFactory(days=65)
    # Everybody came sixty days ago: five days are left. The partner is not of the mission.
    assert remind() == 9
    assert set(kinds()) == {"readiness.due"}
