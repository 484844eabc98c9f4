"""A row of every tracked model of operations, and a column to change: for the tests of the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from operations.models import (
    Acknowledgement,
    ChecklistItem,
    Concurrence,
    CourseCriterion,
    CourseOfAction,
    CourseScore,
    DecisionPoint,
    DiligenceNote,
    DueDiligence,
    Finding,
    FrameParticipant,
    JoiningParty,
    JournalEntry,
    MandateTask,
    Objective,
    Operation,
    OperationGroupGrant,
    OperationPersonGrant,
    OperationTask,
    OperationType,
    Participation,
    Phase,
    PlanRevision,
    PlanSection,
    PlanWriter,
    Procedure,
    ProcedureStep,
    ReachedDecision,
    Review,
    Risk,
    TaskDependency,
    TaskProgress,
)
from tests.factories.core import (
    OfficeFactory,
    PersonFactory,
    PositionFactory,
    SharingGroupFactory,
    ahead,
    give,
)
from tests.factories.operations import (
    FindingFactory,
    JournalEntryFactory,
    OperationFactory,
    ParticipationFactory,
    ReviewFactory,
)

Row = tuple[Callable[[], models.Model], tuple[str, Any] | None]


def _of(model: Any, **fields: Any) -> Callable[[], Any]:
    """Of an operation."""
    return lambda: model.objects.create(operation=OperationFactory(), **_called(fields))


def _revision() -> PlanRevision:
    return PlanRevision.objects.unscoped("the trail").get(operation=OperationFactory())


def _of_plan(model: Any, **fields: Any) -> Callable[[], Any]:
    """Of the plan of an operation."""
    return lambda: model.objects.create(revision=_revision(), **_called(fields))


def _called(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value() if callable(value) else value for name, value in fields.items()}


def _grant(to: Any) -> Callable[[], models.Model]:
    return lambda: give(OperationFactory(), to(), by=PersonFactory())


def _section() -> PlanSection:
    return PlanSection.objects.unscoped("the trail").filter(revision=_revision(), kind="mission").get()


def _acknowledgement() -> Acknowledgement:
    revision = _revision()
    return Acknowledgement.objects.create(
        operation=revision.operation, revision=revision, office=OfficeFactory()
    )


def _joining() -> JoiningParty:
    revision = _revision()
    return JoiningParty.objects.create(
        operation=revision.operation, revision=revision, office=OfficeFactory()
    )


def _procedure() -> Procedure:
    return Procedure.objects.create(name="Search of a vehicle")


def _item() -> ChecklistItem:
    return ChecklistItem.objects.create(operation=OperationFactory(), procedure=_procedure(), text="Look")


def _score() -> CourseScore:
    course = COURSE()
    criterion = CourseCriterion.objects.create(revision=course.revision, name="Speed")
    return CourseScore.objects.create(course=course, criterion=criterion, score=3)


def _link() -> TaskDependency:
    task = TASK()
    fields = {"title": "Before", "starts_at": ahead(days=5), "ends_at": ahead(days=6)}
    return TaskDependency.objects.create(
        task=task, needs=OperationTask.objects.create(revision=task.revision, **fields)
    )


def _progress() -> TaskProgress:
    task = TASK()
    return TaskProgress.objects.create(
        operation=task.revision.operation, task_key=task.key, reported_by=PersonFactory()
    )


def _reached() -> ReachedDecision:
    entry = JournalEntryFactory(operation=OperationFactory())
    return ReachedDecision.objects.create(
        operation=entry.operation, decision_key=uuid4(), title="Cross", entry=entry, reached_at=timezone.now()
    )


# What the database itself lets nobody change nor delete; what may be done to it has tests of its own.
KEPT: set[type[models.Model]] = {JournalEntry}
TIMES: dict[str, Any] = {"starts_at": lambda: ahead(days=6), "ends_at": lambda: ahead(days=7)}
TASK = _of_plan(OperationTask, title="Patrol", **TIMES)
COURSE = _of_plan(CourseOfAction, name="By the bridge")
ROWS: dict[type[models.Model], Row] = {
    OperationType: (lambda: OperationType.objects.create(name="Made for the trail"), ("name", "Changed")),
    MandateTask: (lambda: MandateTask.objects.create(code="T", text="Protect"), ("text", "Changed")),
    Procedure: (_procedure, ("name", "Changed")),
    ProcedureStep: (
        lambda: ProcedureStep.objects.create(procedure=_procedure(), text="Look"),
        ("text", "Changed"),
    ),
    Operation: (OperationFactory, ("title", "Changed")),
    OperationPersonGrant: (_grant(PersonFactory), None),
    OperationGroupGrant: (_grant(SharingGroupFactory), None),
    Participation: (lambda: ParticipationFactory(office=OfficeFactory()), ("note", "Changed")),
    PlanWriter: (_of(PlanWriter, section="mission", position=PositionFactory), None),
    Concurrence: (
        _of(Concurrence, round=1, office=OfficeFactory, due_at=timezone.now),
        ("reason", "Changed"),
    ),
    Acknowledgement: (_acknowledgement, ("recorded_how", "Changed")),
    DueDiligence: (
        _of(DueDiligence, decision="proceed", assessed_by=PersonFactory),
        ("mitigation", "Changed"),
    ),
    DiligenceNote: (_of(DiligenceNote, noted_by=PersonFactory, text="Seen"), ("text", "Changed")),
    ChecklistItem: (_item, ("text", "Changed")),
    PlanRevision: (_revision, ("title", "Changed")),
    PlanSection: (_section, ("text", "Changed")),
    Objective: (_of_plan(Objective, text="Markets open"), ("text", "Changed")),
    Risk: (_of_plan(Risk, text="Flood", likelihood=2, impact=3), ("text", "Changed")),
    DecisionPoint: (
        _of_plan(DecisionPoint, title="Cross", condition="Gauge below 2 m", due_at=timezone.now),
        ("title", "Changed"),
    ),
    CourseOfAction: (COURSE, ("name", "Changed")),
    CourseCriterion: (_of_plan(CourseCriterion, name="Speed"), ("name", "Changed")),
    CourseScore: (_score, ("score", 4)),
    Phase: (_of_plan(Phase, name="Prepare", **TIMES), ("name", "Changed")),
    OperationTask: (TASK, ("title", "Changed")),
    TaskDependency: (_link, None),
    TaskProgress: (_progress, ("note", "Changed")),
    FrameParticipant: (_of_plan(FrameParticipant, role="support", office=OfficeFactory), ("note", "Changed")),
    JoiningParty: (_joining, None),
    Review: (ReviewFactory, ("why", "Changed")),
    Finding: (FindingFactory, ("insight", "Changed")),
    ReachedDecision: (_reached, ("title", "Changed")),
}
