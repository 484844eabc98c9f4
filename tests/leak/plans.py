"""What belongs to the operations of the leak world: participants, answers, assessments, plans."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from operations.models import (
    Acknowledgement,
    Concurrence,
    DiligenceNote,
    DueDiligence,
    Finding,
    FrameParticipant,
    JournalEntry,
    Operation,
    Participation,
    PlanRevision,
    PlanSection,
    PlanWriter,
    ReachedDecision,
    Review,
)
from tests.support import facts

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld


def add_plans(world: LeakWorld) -> None:
    """Each operation has an item in every table that belongs to it; every second one is being reworked."""
    for index, operation in enumerate(world.records[Operation]):
        _people(world, operation, index)
        _assessment(world, operation)
        _review(world, operation)
        _journal(world, operation, index)
        _plan(world, operation, index)


def _item(world: LeakWorld, operation: Operation, model: Any, **then: Any) -> dict[str, str]:
    from tests.leak.world import words

    return words(model, world.new_item(operation, **then))


def _people(world: LeakWorld, operation: Operation, index: int) -> None:
    cast = world.cast
    offices = [cast.police, cast.sector, cast.country_office]
    office = offices[index % 3]
    Participation.objects.create(
        operation=operation, office=office, role="support", **_item(world, operation, Participation)
    )
    if index % 5 == 2:
        Participation.objects.create(
            operation=operation,
            organisation=cast.partner_organisation,
            role="informed",
            **_item(world, operation, Participation),
        )
    if index % 4 == 1:
        PlanWriter.objects.create(
            operation=operation, section="mission", position=cast.outsider.holdings.get().position
        )
    Concurrence.objects.create(
        operation=operation,
        office=office,
        round=1,
        component=office.component,
        answer="objects",
        answered_by=cast.other_component,
        answered_at=timezone.now(),
        due_at=timezone.now(),
        **_item(world, operation, Concurrence),
    )


def _assessment(world: LeakWorld, operation: Operation) -> None:
    DueDiligence.objects.create(
        operation=operation,
        decision="proceed",
        assessed_by=operation.author,
        **_item(world, operation, DueDiligence),
    )
    world.notes.append(
        DiligenceNote.objects.create(
            operation=operation, noted_by=operation.author, **_item(world, operation, DiligenceNote)
        )
    )


def _journal(world: LeakWorld, operation: Operation, index: int) -> None:
    """Entries that stand and one that was struck; a decision point, in every second one decided."""
    by = {"author": operation.author, "position": operation.approver, "happened_at": timezone.now()}
    struck = {"struck_at": timezone.now(), "struck_by": operation.author}
    for number, more in enumerate(({"struck_reason": ""}, struck, {"struck_reason": ""}), start=1):
        item = _item(world, operation, JournalEntry)
        entry = JournalEntry.objects.create(
            operation=operation, number=number, kind="situation", task_key=uuid4(), **by, **(item | more)
        )
        world.entries[len(world.items)] = entry
    decided = (
        {"decided_by": operation.author, "decided_at": timezone.now()} if index % 2 else {"decision": ""}
    )
    world.reached.append(
        ReachedDecision.objects.create(
            operation=operation,
            decision_key=uuid4(),
            entry=entry,
            reached_at=timezone.now(),
            decider=operation.approver,
            **(_item(world, operation, ReachedDecision) | decided),
        )
    )


def _review(world: LeakWorld, operation: Operation) -> None:
    Review.objects.create(
        operation=operation, changed_by=operation.author, version=1, **_item(world, operation, Review)
    )
    world.findings.append(
        Finding.objects.create(
            operation=operation, author=operation.author, **_item(world, operation, Finding)
        )
    )


def _plan(world: LeakWorld, operation: Operation, index: int) -> None:
    """The first revision, told with the operation; and a rework, told to those who read drafts."""
    from tests.leak.schedule import add_schedule

    kinds = cycle(("mission", "situation"))
    stands = PlanRevision.objects.unscoped(facts.WHY).get(operation=operation)
    PlanSection.objects.unscoped(facts.WHY).filter(revision=stands, kind=next(kinds)).update(
        **_item(world, operation, PlanSection)
    )
    add_schedule(stands, lambda model: _item(world, operation, model))
    if index % 2 or not operation.is_published:
        return
    # The rule as it would be, were the operation a draft still.
    (now,) = facts.facts_of([operation]).values()
    draft = {"then": replace(now, published=False)}
    PlanRevision.objects.unscoped(facts.WHY).filter(pk=stands.pk).update(state="in_force")
    Acknowledgement.objects.create(
        operation=operation,
        revision=stands,
        office=world.cast.police,
        acknowledged_by=world.cast.other_component,
        acknowledged_at=timezone.now(),
        **_item(world, operation, Acknowledgement),
    )
    _rework(world, operation, stands, next(kinds), draft)


def _rework(
    world: LeakWorld, operation: Operation, stands: PlanRevision, kind: str, draft: dict[str, Any]
) -> None:
    """Of the plan in force, with who would take part by it; read with it, not before."""
    from tests.leak.schedule import add_schedule

    rework = PlanRevision.objects.create(
        operation=operation,
        number=2,
        author=operation.author,
        is_frago=True,
        based_on=stands,
        **_item(world, operation, PlanRevision, **draft),
    )
    PlanSection.objects.create(revision=rework, kind=kind, **_item(world, operation, PlanSection, **draft))
    FrameParticipant.objects.create(
        revision=rework,
        office=world.cast.police,
        role="support",
        **_item(world, operation, FrameParticipant, **draft),
    )
    Concurrence.objects.create(
        operation=operation,
        revision=rework,
        office=world.cast.police,
        round=2,
        component=world.cast.police.component,
        answer="objects",
        answered_by=world.cast.other_component,
        answered_at=timezone.now(),
        due_at=timezone.now(),
        **_item(world, operation, Concurrence, **draft),
    )
    add_schedule(rework, lambda model: _item(world, operation, model, **draft))
