"""The demo mission's taskings, in every state."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from cimic_portal.core.models import Area, Holding, Organisation, Position
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.overview.demo.records import Writer, reference
from cimic_portal.overview.demo.topics import TASKS
from liaison.models import Engagement, Tasking, TaskingResult

TASKINGS = 150
_STATES = ("done", "in_progress", "acknowledged", "issued", "declined", "withdrawn")
_WEIGHTS = (9, 3, 3, 4, 1, 1)


def make_taskings(
    rng: random.Random,
    issuers: Sequence[Writer],
    assignees: Sequence[Position],
    organisations: Sequence[Organisation],
    districts: Sequence[Area],
    engagements: Sequence[Engagement],
) -> list[Tasking]:
    """150 taskings; done ones are answered by engagements of the office tasked."""
    now = timezone.now()
    cleared = _cleared(assignees)
    taskings: list[Tasking] = []
    for number in range(TASKINGS):
        state = _STATES[number] if number < len(_STATES) else rng.choices(_STATES, _WEIGHTS)[0]
        # The first position is the demo's liaison officer: one of each state waits there.
        assignee = assignees[0] if number < len(_STATES) else rng.choice(assignees[1:])
        made_one = _tasking(rng, rng.choice(issuers), assignee, state, now, organisations, districts)
        taskings.append(_for_readers(made_one, number, confidential=assignee.pk in cleared))
    made = Tasking.objects.bulk_create(taskings, batch_size=200)
    by_office: dict[int, list[Engagement]] = {}
    for engagement in engagements:
        by_office.setdefault(engagement.owner_office_id, []).append(engagement)
    TaskingResult.objects.bulk_create(
        TaskingResult(tasking=tasking, engagement=rng.choice(by_office[tasking.assignee.office_id][:40]))
        for tasking in made
        if tasking.state == "done" and by_office.get(tasking.assignee.office_id)
    )
    return made


def _cleared(positions: Sequence[Position]) -> set[int]:
    """Positions whose holder may be tasked with what is confidential."""
    holdings = Holding.objects.filter(
        position__in=positions, person__clearance__gte=Classification.CONFIDENTIAL
    )
    return set(holdings.values_list("position_id", flat=True))


def _for_readers(tasking: Tasking, number: int, *, confidential: bool) -> Tasking:
    """Most are open to the issuer's side; some to all of the mission, some are confidential."""
    if number % 3 == 1:
        tasking.audience_components = sorted({*tasking.audience_components, 2, 3})
    if number % 5 == 3 and confidential:
        tasking.classification = Classification.CONFIDENTIAL
    return tasking


def _tasking(
    rng: random.Random,
    issuer: Writer,
    assignee: Position,
    state: str,
    now: datetime,
    organisations: Sequence[Organisation],
    districts: Sequence[Area],
) -> Tasking:
    title, why = rng.choice(TASKS)
    organisation, area = rng.choice(organisations), rng.choice(districts)
    closed = state in ("done", "declined", "withdrawn")
    due = now + (-timedelta(days=rng.randint(3, 200)) if closed else timedelta(hours=rng.randint(-30, 200)))
    reasons = {
        "declined": "No vehicle before the due date; the office next to us goes there anyway.",
        "withdrawn": "Overtaken by events.",
    }
    return Tasking(
        reference=reference(rng),
        title=title.format(org=organisation.name, town=area.name)[:200],
        why=why,
        assignee=assignee,
        issuer=issuer.position,
        owner_office=issuer.office,
        author=issuer.person,
        organisation=organisation,
        area=area,
        due_at=due.replace(minute=0, second=0, microsecond=0),
        priority=rng.choices([1, 2, 3], [6, 3, 1])[0],
        state=state,
        state_reason=reasons.get(state, ""),
        outcome="Met and agreed; see the report." if state == "done" else "",
        acknowledged_at=min(due - timedelta(days=2), now - timedelta(hours=1))
        if state not in ("issued", "withdrawn")
        else None,
        closed_at=due if closed else None,
        classification=1,
        audience_components=sorted({1, int(issuer.person.component)}),
        published_at=min(due - timedelta(days=3), now - timedelta(hours=4)),
    )
