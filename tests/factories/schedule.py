"""An operation of any size with tasks and time, made at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from operations.models import DecisionPoint, Operation, OperationTask, Participation, Phase, TaskDependency
from tests.factories.core import OfficeFactory
from tests.factories.operations import OperationFactory
from tests.operations.schedule_steps import day
from tests.operations.steps import revision_of

VERBS = ("Escort", "Recce", "Brief", "Mark", "Patrol", "Survey", "Repair", "Guard", "Visit", "Deliver")
THINGS = ("ford", "market", "clinic", "bridge", "camp", "school", "airfield", "warehouse", "well", "convoy")


def large_operation(cast: Any, *, tasks: int = 300, participants: int = 25, **fields: Any) -> Operation:
    """Five phases of six days; every third task needs the one three before it."""
    operation: Any = OperationFactory(
        owner_office=cast.team,
        author=cast.owner,
        starts_at=day(1),
        ends_at=day(31),
        title="Dry season",
        **fields,
    )
    revision = revision_of(operation)
    offices = [cast.team, *(OfficeFactory(organisation=cast.mission) for _ in range(participants - 1))]
    for number, office in enumerate(offices):
        role = "support" if number else "lead"
        Participation.objects.create(operation=operation, office=office, role=role)
    phases = Phase.objects.bulk_create(
        Phase(revision=revision, name=f"Phase {n + 1}", starts_at=day(1 + n * 6), ends_at=day(7 + n * 6))
        for n in range(5)
    )
    made = OperationTask.objects.bulk_create(
        OperationTask(
            revision=revision,
            title=f"{VERBS[n % 10]} {THINGS[n // 10 % 10]} {n + 1}",
            phase=phases[n * 5 // tasks],
            office=offices[n % participants],
            starts_at=day(1 + 6 * (n * 5 // tasks) + n % 3),
            ends_at=day(1 + 6 * (n * 5 // tasks) + n % 3) + timedelta(hours=20),
        )
        for n in range(tasks)
    )
    TaskDependency.objects.bulk_create(
        TaskDependency(task=made[n], needs=made[n - 1])
        for n in range(1, tasks)
        if n % 3 and made[n].starts_at >= made[n - 1].ends_at
    )
    DecisionPoint.objects.bulk_create(
        DecisionPoint(revision=revision, title=f"Go {n}", condition="Water is low", due_at=day(3 + 6 * n))
        for n in range(5)
    )
    return operation
