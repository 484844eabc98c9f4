"""Milestones that come near or are overdue are told once, and of running projects only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cimic_portal.core.models import Notification, OutboxEntry
from cimic_portal.core.services.notifications import tell
from operations.models import Qip, QipMilestone
from operations.models import QipState as S
from operations.services.qip_reminders import remind_of_milestones
from tests.factories.cast import Cast
from tests.factories.operations_qip import QipMilestoneFactory, running_qip
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db


def milestone(qip: Qip, days: int) -> QipMilestone:
    """One that is due in so many days, the only one of its project."""
    QipMilestone.objects.unscoped(WHY).filter(qip=qip).delete()
    return QipMilestoneFactory(qip=qip, due_on=timezone.localdate() + timedelta(days=days))


def told() -> set[tuple[str, int]]:
    """Kind and person of every line, after the outbox was delivered."""
    Notification.objects.all().delete()
    for entry in OutboxEntry.objects.filter(kind="core.tell"):
        tell(entry)
    return set(Notification.objects.values_list("kind", "person"))


@pytest.mark.parametrize(
    ("days", "kind"), [(4, ""), (3, "due"), (0, "due"), (-1, "overdue"), (-30, "overdue"), (-31, "")]
)
def test_it_is_told_in_time_and_to_whom_it_concerns(cast: Cast, days: int, kind: str) -> None:
    milestone(running_qip(cast), days)
    assert remind_of_milestones() == bool(kind)
    people = {"due": [cast.owner], "overdue": [cast.owner, cast.head]}.get(kind, [])
    assert told() == {(f"qip.milestone_{kind}", person.pk) for person in people}


def test_it_is_told_once_and_again_when_it_becomes_overdue(cast: Cast) -> None:
    row = milestone(running_qip(cast), 1)
    for _time in range(2):
        remind_of_milestones()
    assert told() == {("qip.milestone_due", cast.owner.pk)}
    remind_of_milestones(row.due_on + timedelta(days=1))
    assert ("qip.milestone_overdue", cast.head.pk) in told()


@pytest.mark.parametrize("state", [S.APPROVED, S.COMPLETED])
def test_project_that_does_not_run_is_left_in_peace(cast: Cast, state: S) -> None:
    milestone(running_qip(cast, state), -1)
    assert remind_of_milestones() == 0


def test_milestone_that_is_done_is_left_in_peace(cast: Cast) -> None:
    row = milestone(running_qip(cast), -1)
    row.done_on, row.note = timezone.localdate(), "Seen"
    row.save()
    assert remind_of_milestones() == 0
