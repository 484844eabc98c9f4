"""What of guidance falls due is told in time, and what is overdue to those above."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.utils import timezone

from cimic_portal.core.models import Position
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from training.models import Guidance, GuidanceAcknowledgement, GuidanceReviewer
from training.querysets.guidance import REVIEW_NEAR

WHY = "reminders go to the people and positions named"
# The second reminder of a review, and the only one of an acknowledgement, so long before the day.
REVIEW_SOON, ACKNOWLEDGE_SOON = timedelta(days=14), timedelta(days=3)
# How long after its day something overdue may still be found, after an outage.
LOOK_BACK = timedelta(days=30)


def remind_of_guidance(today: date | None = None) -> int:
    """Each reminder and escalation that is due, once. Returns how many reviewers, reviews and offices."""
    day = today or timezone.localdate()
    return escalate_reviewers(day) + remind_of_reviews(day) + remind_of_acknowledgements(day)


def escalate_reviewers(today: date) -> int:
    """Tell the head above of each reviewer who is silent past the day; silence is never taken for consent."""
    with verb("guidance.escalate", actor=None):
        rows = list(
            GuidanceReviewer.objects.unscoped(WHY)
            .overdue(today)
            .filter(escalated_at__isnull=True)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("guidance__owner", "position__office__parent")
        )
        for row in rows:
            row.escalated_at = timezone.now()
            row.save()
            told = [row.position, row.guidance.owner, *_above(row.position)]
            notify(row.guidance, "guidance.review_silent", positions=told, actor=None)
    return len(rows)


def _above(position: Position) -> list[Position]:
    """The head of the office; of a head the one of the office above."""
    office = position.office.parent if position.is_head else position.office
    return list(Position.objects.heads_of([office.pk])) if office else []


def remind_of_reviews(today: date) -> int:
    """Tell the owner 60 and 14 days before the review is due; when it is overdue, the heads above as well."""
    rows = Guidance.objects.unscoped(WHY).in_force().select_related("owner__office__parent", "owner_office")
    near = rows.filter(review_due_on__gt=today + REVIEW_SOON, review_due_on__lte=today + REVIEW_NEAR)
    soon = rows.filter(review_due_on__gte=today, review_due_on__lte=today + REVIEW_SOON)
    late = rows.filter(review_due_on__lt=today, review_due_on__gte=today - LOOK_BACK)
    count = 0
    with verb("guidance.remind", actor=None):
        for step, kind, found in (
            ("60", "guidance.review_due", near),
            ("14", "guidance.review_due", soon),
            ("late", "guidance.review_overdue", late),
        ):
            for guidance in found:
                told = [guidance.owner, *(_above(guidance.owner) if step == "late" else ())]
                key = f"{kind}:{guidance.pk}:{guidance.review_due_on}:{step}"
                notify(guidance, kind, positions=told, actor=None, key=key)
                count += 1
    return count


def remind_of_acknowledgements(today: date) -> int:
    """Remind people before the day; after it them, and in one line for each office the head of it."""
    rows = GuidanceAcknowledgement.objects.unscoped(WHY).pending()
    rows = rows.select_related("version__guidance", "person", "position__office__parent")
    soon = rows.filter(due_on__gte=today, due_on__lte=today + ACKNOWLEDGE_SOON)
    late = rows.filter(due_on__lt=today, due_on__gte=today - LOOK_BACK)
    count = 0
    with verb("guidance.remind", actor=None):
        for kind, found in (("guidance.acknowledge_due", soon), ("guidance.acknowledge_overdue", late)):
            groups: dict[tuple[int, date, int], list[GuidanceAcknowledgement]] = defaultdict(list)
            for row in found.order_by("version", "due_on", "office"):
                groups[row.version_id, row.due_on, row.office_id].append(row)
            for names, group in groups.items():
                key = f"{kind}:{':'.join(map(str, names))}"
                people = [row.person for row in group]
                notify(group[0].version.guidance, kind, people=people, actor=None, key=key)
                if kind == "guidance.acknowledge_overdue":
                    _escalate(group, key)
                count += 1
    return count


def _escalate(group: list[GuidanceAcknowledgement], key: str) -> None:
    """The head of the office hears of those of theirs who have not signed; of a head the one above does."""
    heads = {one.pk: one for row in group for one in _above(row.position)}
    notify(
        group[0].version.guidance,
        "guidance.acknowledge_escalated",
        positions=heads.values(),
        actor=None,
        key=f"{key}:heads",
    )
