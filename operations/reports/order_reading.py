"""Everything that an order on paper tells, as one person reads it: as many queries, whatever its size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cimic_portal.core.models import Position
from operations.models import (
    Acknowledgement,
    ChecklistItem,
    Concurrence,
    DueDiligence,
    Objective,
    Operation,
    OperationTask,
    PlanRevision,
    PlanSection,
    RevisionState,
    Risk,
)
from operations.querysets.speaking import speakers
from operations.reports.plan_book import objectives_of, risks_of, sections_of
from operations.reports.who import holders_of
from operations.schedule.reading import ReadPlan, read_plan

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models.participation import TakingPart


@dataclass
class OrderBook:
    """One revision with what stands around it. `in_force`: the revision that counts now, if one does.

    `holders`: who holds each position now. `speaking`: who speaks for each participant.
    """

    person: Person
    revision: PlanRevision
    plan: ReadPlan
    sections: Sequence[PlanSection]
    objectives: Sequence[Objective]
    risks: Sequence[Risk]
    answers: Sequence[Concurrence]
    acknowledgements: Sequence[Acknowledgement]
    diligence: DueDiligence | None
    revisions: Sequence[PlanRevision]
    procedures: Sequence[str]
    speaking: Mapping[int, Position]
    holders: Mapping[int, Sequence[Person]]
    # The letter of each annex, filled as the annexes are made.
    letters: dict[str, str] = field(default_factory=dict)

    @property
    def operation(self) -> Operation:
        return self.revision.operation

    @cached_property
    def in_force(self) -> PlanRevision | None:
        return next((one for one in self.revisions if one.state == RevisionState.IN_FORCE), None)

    @cached_property
    def lead(self) -> TakingPart | None:
        return next((row for row in self.plan.participations if row.is_lead), None)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each task, as every table and the spreadsheet count them."""
        return {task.pk: number for number, task in enumerate(self.plan.tasks, start=1)}

    def number(self, task: OperationTask) -> str:
        return str(self.numbers[task.pk])

    def speaker_of(self, row: TakingPart) -> Position | None:
        """Who speaks for a participant: the position named, else who heads it."""
        return self.speaking.get(row.pk)

    def annex(self, name: str) -> str:
        """`A` for the annex of that name; empty where there is none."""
        return self.letters.get(name, "")


def read_order(person: Person, revision: PlanRevision) -> OrderBook:
    """The revision is one that the person sees; everything else begins at the rule."""
    operation = revision.operation
    plan = read_plan(revision, person)
    decisions = [row.decider for row in plan.decisions if row.decider]
    speaking = speakers(plan.participations)
    risks = risks_of(person, revision)
    owners = [row.owner for row in risks if row.owner]
    posts = {post.pk for post in (*decisions, *speaking.values(), *owners, operation.approver)}
    return OrderBook(
        person=person,
        revision=revision,
        plan=plan,
        sections=sections_of(person, revision),
        objectives=objectives_of(person, revision),
        risks=risks,
        answers=_answers(person, operation),
        acknowledgements=acknowledgements_of(person, revision),
        diligence=_diligence(person, operation),
        revisions=list(
            PlanRevision.objects.visible_to(person)
            .filter(operation=operation)
            .select_related("operation", "decided_by")
        ),
        procedures=_procedures(person, operation),
        speaking=speaking,
        holders=holders_of(posts),
    )


def _answers(person: Person, operation: Operation) -> list[Concurrence]:
    """Those of the last round: what the approving position had in view."""
    rows = Concurrence.objects.visible_to(person).filter(operation=operation, round=operation.round)
    return list(rows.select_related("office", "organisation", "position__office", "answered_by"))


def acknowledgements_of(person: Person, revision: PlanRevision) -> list[Acknowledgement]:
    """Asked for when this revision came into force."""
    rows = Acknowledgement.objects.visible_to(person).filter(revision=revision)
    return list(rows.select_related("office", "organisation", "position__office", "acknowledged_by"))


def _diligence(person: Person, operation: Operation) -> DueDiligence | None:
    rows: Any = DueDiligence.objects.visible_to(person)
    found: DueDiligence | None = rows.filter(operation=operation).select_related("assessed_by").first()
    return found if operation.non_un_support else None


def _procedures(person: Person, operation: Operation) -> list[str]:
    rows = ChecklistItem.objects.visible_to(person).filter(Q(operation=operation))
    return sorted(set(rows.values_list("procedure__name", flat=True)))
