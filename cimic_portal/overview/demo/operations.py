"""The demo mission's operations: forty, in every state and of every type, one of them large."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from cimic_portal.core.models import Area, Office
from cimic_portal.overview.demo import plan_words as words
from cimic_portal.overview.demo.cast import Cast, cast_of
from cimic_portal.overview.demo.orders import issue_orders
from cimic_portal.overview.demo.plans import write_large_plan, write_plan
from cimic_portal.overview.demo.records import SECTOR_PROVINCES, reference
from cimic_portal.overview.demo.reviews import write_review
from operations.models import (
    Concurrence,
    DueDiligence,
    Operation,
    OperationType,
    Participation,
)

# How many there are in each state: together with the large one forty.
STATES = {
    "draft": 5,
    "staffing": 6,
    "approved": 5,
    "active": 8,
    "suspended": 2,
    "completed": 5,
    "closed": 5,
    "cancelled": 3,
}
SECTORS = ("North", "South", "East", "West")
# Begins so many days from now, by state.
BEGINS = {
    "draft": 25,
    "staffing": 14,
    "approved": 6,
    "active": -4,
    "suspended": -8,
    "completed": -40,
    "closed": -120,
    "cancelled": -30,
}
# Speaks for the police of a sector.
POLICE_POST = "Community policing officer"
REASONS = {
    "suspended": "The ford is under water; the road opens when the gauge is below two metres.",
    "cancelled": "Overtaken by the agreement between the two communities.",
}


def make_operations(
    rng: random.Random, offices: Mapping[str, Office], districts: Sequence[Area]
) -> list[Operation]:
    """Forty operations with their plans; the large one has 300 tasks and 25 participants."""
    cast = cast_of(offices)
    kinds = {kind.name: kind for kind in OperationType.objects.all()}
    order, made = 0, []
    states = [state for state, count in STATES.items() for _each in range(count)]
    names = list(words.TITLES)
    for number, state in enumerate(states):
        kind = kinds[names[number % len(names)]]
        sector = SECTORS[number % 4]
        order += state not in ("draft", "staffing", "cancelled")
        operation = _operation(rng, cast, kind, sector, state, order, _district(districts, sector, number))
        made.append(operation)
        participations = _take_part(cast, operation, sector, number)
        revision = write_plan(rng, cast, operation, sector)
        issue_orders(cast, operation, revision, participations, number)
        write_review(cast, operation, sector, number)
        _answers(cast, operation, participations, number)
        if operation.non_un_support:
            DueDiligence.objects.create(
                operation=operation, decision="mitigate", assessed_by=operation.author, **words.DILIGENCE
            )
    large, taking_part = _large(rng, cast, kinds["Electoral support"], order + 1)
    revision = write_large_plan(cast, large, [row.office for row in taking_part if row.office])
    issue_orders(cast, large, revision, taking_part, 0)
    return [*made, large]


def _district(districts: Sequence[Area], sector: str, number: int) -> Area:
    """One of the districts of the provinces for which the sector answers."""
    own = [area for area in districts if area.pcode[:4] in SECTOR_PROVINCES[sector]]
    return own[number % len(own)]


def _operation(
    rng: random.Random,
    cast: Cast,
    kind: OperationType,
    sector: str,
    state: str,
    order: int,
    area: Area,
) -> Operation:
    """Some are planned by U9, and so by the demo’s planner; the others by the sector that leads."""
    now = timezone.now()
    title, purpose = rng.choice(words.TITLES[kind.name])
    by_hq = state == "draft" or (sector != "North" if state == "staffing" else order % 3 == 0)
    writing = (
        cast.post("Force HQ U9", "Plans officer")
        if by_hq
        else cast.post(f"Sector {sector}", "Operations officer")
    )
    approver = cast.head("Force HQ") if by_hq else cast.head(f"Sector {sector}")
    starts = (now + timedelta(days=BEGINS[state] + rng.randint(-3, 3))).replace(
        hour=5, minute=0, second=0, microsecond=0
    )
    before = min(starts, now) - timedelta(days=6)
    operation = Operation(
        reference=reference(rng),
        title=title.format(town=area.name),
        kind=kind,
        purpose=purpose,
        area=area,
        starts_at=starts,
        ends_at=starts + timedelta(days=rng.choice((7, 10, 14, 21))),
        approver=approver,
        owner_office=writing.office,
        author=cast.person(writing),
        classification=2 if order % 4 == 1 else 1,
        audience_components=[1, 2, 3],
        non_un_support=kind.name in ("Area security", "DDR support"),
        state=state,
        state_reason=REASONS.get(state, ""),
    )
    if state != "draft":
        operation.published_at = operation.staffed_at = before
        operation.round, operation.answers_due_at = 1, before + timedelta(days=7)
    if state not in ("draft", "staffing", "cancelled"):
        operation.approved_at, operation.order_number = before + timedelta(days=3), order
        operation.approved_by = cast.person(approver)
    if state in ("completed", "closed"):
        operation.completed_at = operation.ends_at
    operation.save()
    return operation


def _take_part(cast: Cast, operation: Operation, sector: str, number: int) -> list[Participation]:
    rows: list[tuple[str, str, str]] = [
        (f"Sector {sector}", "lead", "Two platoons, command post"),
        (f"Police Sector {sector}", "support", "Community policing team"),
        (f"Civil Affairs {sector}", "support", "Word to the communities, complaints"),
        ("Protection of Civilians", "consulted", "Threat picture"),
        ("CMCoord", "informed" if number % 2 else "consulted", "Humanitarian view"),
    ]
    if operation.kind.name in ("Engineering", "Humanitarian support"):
        rows.append(("Force HQ Engineers", "support", "Plant team, bridging"))
    if number % 5 == 0:
        rows.append(("Clean Water Action Carana", "informed", ""))
    return Participation.objects.bulk_create(
        Participation(
            operation=operation,
            office=cast.offices[name],
            role=role,
            note=note,
            position=cast.post(name, POLICE_POST) if role != "lead" and "Police" in name else cast.head(name),
        )
        for name, role, note in rows
    )


def _answers(cast: Cast, operation: Operation, participations: list[Participation], number: int) -> None:
    """In staffing some have not answered; of the others one in three had an objection or a comment."""
    if operation.published_at is None:
        return
    due = operation.answers_due_at or timezone.now()
    asked = [row for row in participations if row.role != "informed"]
    made: list[Concurrence] = []
    for place, row in enumerate(asked):
        assert row.position is not None
        answer, reason = _answer(operation, place, number)
        person = cast.person(row.position) if answer != "pending" else None
        made.append(
            Concurrence(
                operation=operation,
                round=1,
                office=row.office,
                component=row.component,
                position=row.position,
                answer=answer,
                reason=reason,
                answered_by=operation.author if row.is_lead else person,
                answered_at=operation.published_at + timedelta(hours=5 * place) if person else None,
                due_at=due,
            )
        )
    Concurrence.objects.bulk_create(made)
    if operation.approved_at and any(row.answer == "objects" for row in made):
        operation.decision_reason = "Vehicles stay off the school road until the exams are over."
        operation.save()


def _answer(operation: Operation, place: int, number: int) -> tuple[str, str]:
    if place == 0:
        return "concurs", ""
    if operation.state == "staffing" and place >= 1 + (number % 4 or 4):
        return "pending", ""
    if place == 2 and number % 3 == 0:
        return "objects", words.OBJECTION
    if place == 1 and number % 3 == 1:
        return "comment", words.COMMENT
    return "concurs", ""


def _large(
    rng: random.Random, cast: Cast, kind: OperationType, order: int
) -> tuple[Operation, list[Participation]]:
    """An election in four sectors: 25 participants over ten weeks."""
    title, purpose = words.LARGE
    writing, approver = cast.post("Force HQ U9", "Plans officer"), cast.head("Force HQ")
    starts = _morning(timezone.now() - timedelta(days=20))
    operation = Operation.objects.create(
        reference=reference(rng),
        title=title,
        kind=kind,
        purpose=purpose,
        starts_at=starts,
        ends_at=starts + timedelta(days=70),
        approver=approver,
        owner_office=writing.office,
        author=cast.person(writing),
        audience_components=[1, 2, 3],
        state="active",
        published_at=starts - timedelta(days=20),
        staffed_at=starts - timedelta(days=20),
        round=1,
        approved_at=starts - timedelta(days=9),
        approved_by=cast.person(approver),
        order_number=order,
    )
    names = [name for name, office in cast.offices.items() if office.organisation.is_mission][:24]
    names = ["Force HQ U9", *(name for name in names if name != "Force HQ U9"), "CMCoord"][:25]
    rows = Participation.objects.bulk_create(
        Participation(
            operation=operation,
            office=cast.offices[name],
            role="lead" if place == 0 else "consulted" if name == "CMCoord" else "support",
            position=cast.head(name),
        )
        for place, name in enumerate(names)
    )
    return operation, rows


def _morning(moment: datetime) -> datetime:
    return moment.replace(hour=5, minute=0, second=0, microsecond=0)
