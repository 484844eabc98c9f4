"""Verbs on liaison taskings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Person, Position
from cimic_portal.core.policies import Decision, require
from cimic_portal.core.services.audience import Sharing, not_cleared, sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from liaison.models import Engagement, Priority, Tasking, TaskingResult, TaskingState
from liaison.policies import can_acknowledge, can_complete, can_decline, can_issue, can_start, can_withdraw

if TYPE_CHECKING:
    from cimic_portal.core.models import Area, Organisation

LATEST = timedelta(days=366)
# How long after its time an overdue tasking may still be found by the reminders, after an outage.
LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True)
class TaskingInput:
    """What one form says about a tasking. `due_at` is aware."""

    title: str
    why: str
    assignee: Position
    due_at: datetime
    details: str = ""
    organisation: Organisation | None = None
    area: Area | None = None
    priority: int = Priority.ROUTINE
    sharing: Sharing = field(default_factory=Sharing)


def _problems(data: TaskingInput, actor: Person) -> dict[str, list[str]]:
    problems = sharing_problems(actor, data.sharing.classification)
    now = timezone.now()
    if data.due_at <= now:
        problems["due_at"] = [_("The due time has passed already.")]
    elif data.due_at > now + LATEST:
        problems["due_at"] = [_("This lies more than a year ahead. Check the year.")]
    holders = list(Person.objects.acting_for(data.assignee))
    if not holders:
        problems["assignee"] = [_("Nobody holds this position now, so nobody would be told.")]
    uncleared = not_cleared(holders, data.sharing.classification)
    if uncleared:
        problems["assignee"] = uncleared
    return problems


def issue_tasking(data: TaskingInput, *, actor: Person, issuer: Position) -> Tasking:
    """Task a position. Whoever holds it, or deputises for it, is told at once.

    Raises RefusedError, InvalidError.
    """
    require(can_issue(actor, data.assignee))
    if issuer.pk not in actor.access.positions:
        raise InvalidError({"issuer": [_("Choose one of your own positions.")]})
    problems = _problems(data, actor)
    if problems:
        raise InvalidError(problems)
    with verb("tasking.issue", actor=actor):
        tasking = Tasking.objects.create(
            title=data.title,
            why=data.why,
            details=data.details,
            assignee=data.assignee,
            issuer=issuer,
            organisation=data.organisation,
            area=data.area,
            due_at=data.due_at,
            priority=data.priority,
            owner_office=issuer.office,
            author=actor,
            classification=data.sharing.classification,
            audience_components=sorted(data.sharing.components),
            audience_organisations=sorted(data.sharing.organisations),
            published_at=timezone.now(),
        )
        notify(tasking, "tasking.issued", positions=[data.assignee], actor=actor)
        return tasking


def _answer(
    tasking: Tasking,
    name: str,
    *,
    actor: Person,
    version: int,
    policy: Callable[[Person, Tasking], Decision],
    change: Callable[[Tasking], None],
    reason: str = "",
) -> Tasking:
    """One step of a tasking; the other side is told."""
    with verb(f"tasking.{name}", actor=actor, reason=reason):
        current = lock(tasking, actor=actor, version=version)
        require(policy(actor, current))
        change(current)
        save_changed(current)
        other = current.assignee if name == "withdraw" else current.issuer
        notify(current, f"tasking.{current.state}", positions=[other], actor=actor)
        return current


def acknowledge_tasking(tasking: Tasking, *, actor: Person, version: int) -> Tasking:
    """Say that the tasking was read and is taken on."""

    def change(current: Tasking) -> None:
        current.state, current.acknowledged_at = TaskingState.ACKNOWLEDGED, timezone.now()

    return _answer(
        tasking, "acknowledge", actor=actor, version=version, policy=can_acknowledge, change=change
    )


def start_tasking(tasking: Tasking, *, actor: Person, version: int) -> Tasking:
    """Say that work on it has begun."""

    def change(current: Tasking) -> None:
        current.state = TaskingState.IN_PROGRESS

    return _answer(tasking, "start", actor=actor, version=version, policy=can_start, change=change)


def complete_tasking(
    tasking: Tasking, *, actor: Person, version: int, outcome: str, results: Sequence[Engagement] = ()
) -> Tasking:
    """Report it done, with the outcome in words or the engagements that answer it, or both."""
    if not outcome.strip() and not results:
        raise InvalidError({"outcome": [_("Say what came of it, or name the engagement that answers it.")]})

    def change(current: Tasking) -> None:
        current.state, current.outcome, current.closed_at = TaskingState.DONE, outcome, timezone.now()
        seen = Engagement.objects.visible_to(actor).filter(pk__in=[e.pk for e in results])
        TaskingResult.objects.bulk_create(
            [TaskingResult(tasking=current, engagement=engagement) for engagement in seen],
            ignore_conflicts=True,
        )

    return _answer(tasking, "complete", actor=actor, version=version, policy=can_complete, change=change)


def decline_tasking(tasking: Tasking, *, actor: Person, version: int, reason: str) -> Tasking:
    """Decline it, with the reason; the issuing position is told."""
    need_reason(reason, _("Say why the tasking is declined."))

    def change(current: Tasking) -> None:
        current.state, current.state_reason, current.closed_at = TaskingState.DECLINED, reason, timezone.now()

    return _answer(
        tasking, "decline", actor=actor, version=version, policy=can_decline, change=change, reason=reason
    )


def withdraw_tasking(tasking: Tasking, *, actor: Person, version: int, reason: str) -> Tasking:
    """Take it back while it is open, with the reason; the tasked position is told."""
    need_reason(reason, _("Say why the tasking is withdrawn."))

    def change(current: Tasking) -> None:
        current.state, current.state_reason, current.closed_at = (
            TaskingState.WITHDRAWN,
            reason,
            timezone.now(),
        )

    return _answer(
        tasking, "withdraw", actor=actor, version=version, policy=can_withdraw, change=change, reason=reason
    )


def remind_of_taskings(now: datetime | None = None) -> int:
    """Remind of what falls due within a day and of what has become overdue; each once.

    Overdue ones are told to the issuing position too. Returns how many taskings that is.
    """
    at = now or timezone.now()
    open_ones = Tasking.objects.unscoped("reminders go to the positions named")
    due = list(open_ones.due_within(timedelta(days=1), at).select_related("assignee"))
    late = open_ones.overdue(at).filter(due_at__gt=at - LOOK_BACK)
    overdue = list(late.select_related("assignee", "issuer"))
    with verb("tasking.remind", actor=None):
        for tasking in due:
            notify(tasking, "tasking.due", positions=[tasking.assignee], actor=None, key=_key(tasking, "due"))
        for tasking in overdue:
            for kind, position in (("overdue", tasking.assignee), ("unanswered", tasking.issuer)):
                notify(tasking, f"tasking.{kind}", positions=[position], actor=None, key=_key(tasking, kind))
    return len(due) + len(overdue)


def _key(tasking: Tasking, kind: str) -> str:
    return f"tasking.{kind}:{tasking.pk}:{tasking.due_at:%Y%m%dT%H%M}"
