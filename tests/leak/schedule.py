"""Tasks and time of operations: every way of looking at them, and what of them stands in the world."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from operations.models import DecisionPoint, Operation, OperationTask, Phase, PlanRevision, TaskProgress
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor
from tests.support import facts

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld

PARTS = ("task", "task_edit", "task_drag", "phase_edit")
NEW = ("task_new", "task_import", "phase_new", "schedule_document")
PICTURES = ("operation_tasks", "operation_gantt", "operation_matrix")
API = {
    "phase": ("move", "remove"),
    "task": ("move", "needs", "progress", "remove"),
}
Words = Callable[[Any], dict[str, str]]


def add_schedule(revision: PlanRevision, words: Words) -> None:
    """A phase, a task on which was reported, and a decision point, each with words of its own."""
    operation = revision.operation
    times = {"starts_at": operation.starts_at, "ends_at": operation.ends_at}
    phase = Phase.objects.create(revision=revision, **times, **words(Phase))
    task = OperationTask.objects.create(revision=revision, phase=phase, **times, **words(OperationTask))
    DecisionPoint.objects.create(revision=revision, due_at=operation.starts_at, **words(DecisionPoint))
    TaskProgress.objects.create(
        operation=operation,
        task_key=task.key,
        state="held_up",
        reported_by=operation.author,
        **words(TaskProgress),
    )


def _tasks(world: LeakWorld, operation: Operation, model: Any = OperationTask) -> Any:
    return model.objects.unscoped(facts.WHY).filter(revision__operation=operation).order_by("pk")


@surface("tasks and time", *PICTURES)
def _pictures(visitor: Visitor) -> None:
    """List and pictures, of the revision that counts and of another by its number: each page in turn."""
    for index, operation in visitor.some(enumerate(visitor.world.records[Operation])):
        address = reverse(PICTURES[index % 3], args=[operation.reference])
        visitor.must_open(address, operation)
        visitor.get(f"{reverse(PICTURES[(index + 1) % 3], args=[operation.reference])}?revision=2")


@surface("one task", *PARTS, "task_step", "phase_step")
def _one_task(visitor: Visitor) -> None:
    """Pages of tasks and phases in turn, and their steps on a version that never was."""
    routes = {
        OperationTask: ("task", "task_edit", "task_drag", "task_step"),
        Phase: ("phase_edit", "phase_step"),
    }
    for index, operation in visitor.some(enumerate(visitor.world.records[Operation])):
        for model, names in routes.items():
            row = _tasks(visitor.world, operation, model).select_related("revision").last()
            route = names[index % len(names)]
            step = ("move",) if route.endswith("_step") else ()
            address = reverse(route, args=[operation.reference, row.key, *step])
            query = f"?revision={row.revision.number}"
            answers = [visitor.post(address + query, {"version": STALE, "days": 1})]
            answers += [visitor.get(address + query)] if route != "task_drag" else []
            for answer in answers:
                if not visitor.sees(operation):
                    visitor.must_open(address, operation, answer=answer)


@surface("forms of a schedule", *NEW)
def _forms(visitor: Visitor) -> None:
    for index, operation in visitor.some(enumerate(visitor.world.records[Operation])):
        address = reverse(NEW[index % len(NEW)], args=[operation.reference])
        visitor.must_open(address, operation)
        visitor.must_open(address, operation, answer=visitor.post(address, {"rows": "[]"}))


@surface(
    "tasks and time in the API",
    *(f"api:operation-{noun}-{what}" for noun in API for what in ("list", "detail", *API[noun])),
    "api:operation-task-move-many",
    "api:operation-task-reorder",
)
def _api(visitor: Visitor) -> None:
    for index, operation in visitor.some(enumerate(visitor.world.records[Operation])):
        for noun, model in (("phase", Phase), ("task", OperationTask)):
            visitor.must_open(reverse(f"api:operation-{noun}-list", args=[operation.reference]), operation)
            row = _tasks(visitor.world, operation, model).select_related("revision").last()
            query, key = f"?revision={row.revision.number}", [operation.reference, row.pk]
            visitor.get(reverse(f"api:operation-{noun}-detail", args=key) + query)
            address = reverse(f"api:operation-{noun}-{API[noun][index % len(API[noun])]}", args=key)
            answer = visitor.post_json(address + query, {"version": STALE, "days": 1, "needs": []})
            if not visitor.sees(operation):
                visitor.must_open(address, operation, answer=answer)
        name = ("move-many", "reorder")[index % 2]
        address = reverse(f"api:operation-task-{name}", args=[operation.reference])
        visitor.must_open(address, operation, answer=visitor.post_json(address, {"tasks": []}))
