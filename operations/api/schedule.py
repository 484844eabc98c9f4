"""Phases, tasks, what they wait for and how far they are, in the API.

Under an operation: `/operations/{reference}/phases/` and `/tasks/`. `?revision=3` names another
revision than the one that counts now; what is written goes into the revision that the row belongs to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.viewsets import CallerViewSet
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Person
from operations.api.schedule_fields import (
    ChangedPhaseFields,
    ChangedTaskFields,
    DaysFields,
    ManyDaysFields,
    MoveFields,
    NeedsFields,
    PhaseFields,
    PhaseSerializer,
    ProgressFields,
    RemoveFields,
    TaskFields,
    TaskOrderFields,
    TaskSerializer,
)
from operations.models import Operation, OperationTask, Phase, PlanRevision, RevisionState
from operations.schedule.reading import ReadPlan, read_plan
from operations.services import phases, progress, schedule
from operations.services.schedule_checks import PhaseInput, TaskInput

REVISION = OpenApiParameter(
    "revision", OpenApiTypes.INT, description="Number of a revision; else the one that counts now."
)


class PlanPartViewSet(CallerViewSet):
    """What stands in one revision of the plan of an operation that the caller may see."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    queryset: Any = PlanRevision.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who may not see the operation, or its revision, finds nothing, whatever is sent."""
        super().initial(request, *args, **kwargs)
        if self.is_about_address:
            return
        self.revision = self._revision(request.query_params.get("revision", ""))
        log_read(self.person, "api schedule", [self.revision.operation])

    def _revision(self, number: str) -> PlanRevision:
        operations = Operation.objects.visible_to(self.person).select_related("owner_office", "author")
        operation = get_object_or_404(operations, reference=self.kwargs["reference"])
        rows = PlanRevision.objects.visible_to(self.person).filter(operation=operation)
        if number:
            fits = number.isdecimal() and len(number) < len("10000")
            found = rows.filter(number=int(number)).first() if fits else None
        else:
            in_force = rows.filter(state=RevisionState.IN_FORCE).first()
            found = in_force or rows.order_by("-number").first()
        if found is None:
            raise Http404
        found.operation = operation
        return found

    def plan(self) -> ReadPlan:
        return read_plan(self.revision, self.person)

    def row(self, plan: ReadPlan) -> Any:
        """The row of the address, in the revision shown."""
        raise NotImplementedError

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "revision": getattr(self, "revision", None)}

    def answer(self, pk: int, status_code: int = status.HTTP_200_OK) -> Response:
        """The row as it stands now."""
        self.kwargs["id"] = str(pk)
        plan = self.plan()
        return Response(self.shown(plan, [self.row(plan)])[0], status=status_code)

    def shown(self, plan: ReadPlan, rows: list[Any]) -> Any:
        serializer: Any = self.get_serializer_class()
        return serializer(rows, many=True, context={**self.get_serializer_context(), "plan": plan}).data

    def rows(self, plan: ReadPlan) -> list[Any]:
        raise NotImplementedError

    @extend_schema(parameters=[REVISION])
    def list(self, request: Request, **_kwargs: Any) -> Response:
        """All of the revision."""
        plan = self.plan()
        return Response(self.shown(plan, self.rows(plan)))

    @extend_schema(parameters=[REVISION])
    def retrieve(self, request: Request, **_kwargs: Any) -> Response:
        """One, by its number."""
        plan = self.plan()
        return Response(self.shown(plan, [self.row(plan)])[0])


def _found(rows: list[Any], pk: str, revision: PlanRevision) -> Any:
    found = next((row for row in rows if row.pk == int(pk)), None)
    if found is None:
        raise Http404
    found.revision = revision
    return found


def part_route(
    name: str, takes: type[serializers.Serializer[Any]], run: Callable[..., Any], explain: str
) -> Callable[..., Response]:
    """`POST …/{id}/{name}/`: one verb on one row; the answer is the row as it is then."""

    def step(self: PlanPartViewSet, request: Request, **_kwargs: Any) -> Response:
        row = self.row(self.plan())
        run(row, actor=self.person, **self.sent(takes))
        return self.answer(row.pk)

    step.__name__ = name
    step.__doc__ = explain
    route: Callable[..., Response] = action(detail=True, methods=["post"], url_path=name)(
        extend_schema(request=takes, parameters=[REVISION])(step)
    )
    return route


class PhaseViewSet(PlanPartViewSet):
    """The phases of a plan."""

    serializer_class = PhaseSerializer
    queryset = Phase.objects.none()

    def rows(self, plan: ReadPlan) -> list[Any]:
        return list(plan.phases)

    def row(self, plan: ReadPlan) -> Any:
        return _found(self.rows(plan), self.kwargs["id"], self.revision)

    @extend_schema(request=PhaseFields, responses={201: PhaseSerializer}, parameters=[REVISION])
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Add a phase."""
        data = PhaseInput(**self.sent(PhaseFields))
        made = phases.add_phase(self.revision, data, actor=self.person)
        return self.answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedPhaseFields, responses=PhaseSerializer, parameters=[REVISION])
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Replace what is said of a phase, on the version that was shown."""
        row, sent = self.row(self.plan()), self.sent(ChangedPhaseFields)
        version = sent.pop("version")
        phases.change_phase(row, PhaseInput(**sent), actor=self.person, version=version)
        return self.answer(row.pk)

    move = part_route("move", DaysFields, phases.move_phase, "Move a phase with its tasks by whole days.")

    @extend_schema(request=RemoveFields, responses={204: None}, parameters=[REVISION])
    @action(detail=True, methods=["post"], url_path="remove")
    def remove(self, request: Request, **_kwargs: Any) -> Response:
        """Take a phase without tasks out of the plan that is being written."""
        phases.remove_phase(self.row(self.plan()), actor=self.person, **self.sent(RemoveFields))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _report(task: OperationTask, *, actor: Person, version: int, **data: Any) -> None:
    progress.report_progress(task, progress.ProgressInput(**data), actor=actor, version=version)


class TaskViewSet(PlanPartViewSet):
    """The tasks of a plan, with what they need, what does not fit, and how far they are."""

    serializer_class = TaskSerializer
    queryset = OperationTask.objects.none()

    def rows(self, plan: ReadPlan) -> list[Any]:
        return list(plan.tasks)

    def row(self, plan: ReadPlan) -> Any:
        return _found(self.rows(plan), self.kwargs["id"], self.revision)

    @extend_schema(request=TaskFields, responses={201: TaskSerializer}, parameters=[REVISION])
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Add a task."""
        data = TaskInput(**self.sent(TaskFields))
        made = schedule.add_task(self.revision, data, actor=self.person)
        return self.answer(made.pk, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedTaskFields, responses=TaskSerializer, parameters=[REVISION])
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Replace what is said of a task and what it needs, on the version that was shown."""
        row, sent = self.row(self.plan()), self.sent(ChangedTaskFields)
        version = sent.pop("version")
        schedule.change_task(row, TaskInput(**sent), actor=self.person, version=version)
        return self.answer(row.pk)

    move = part_route("move", MoveFields, schedule.move_task, "Give a task other times.")
    needs = part_route(
        "needs", NeedsFields, schedule.set_needs, "Say which tasks must have ended before it begins."
    )
    progress = part_route("progress", ProgressFields, _report, "Report how far a task of the order is.")

    @extend_schema(request=RemoveFields, responses={204: None}, parameters=[REVISION])
    @action(detail=True, methods=["post"], url_path="remove")
    def remove(self, request: Request, **_kwargs: Any) -> Response:
        """Take a task that no other needs out of the plan that is being written."""
        schedule.remove_task(self.row(self.plan()), actor=self.person, **self.sent(RemoveFields))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="operations_tasks_move_many",
        request=ManyDaysFields,
        responses=TaskSerializer(many=True),
        parameters=[REVISION],
    )
    @action(detail=False, methods=["post"], url_path="move")
    def move_many(self, request: Request, **_kwargs: Any) -> Response:
        """Move several tasks by whole days, all or none."""
        sent = self.sent(ManyDaysFields)
        rows = [(one["task"], one["version"]) for one in sent["tasks"]]
        schedule.move_tasks(self.revision, rows, days=sent["days"], actor=self.person)
        return self._several([row.pk for row, _version in rows])

    @extend_schema(request=TaskOrderFields, responses=TaskSerializer(many=True), parameters=[REVISION])
    @action(detail=False, methods=["post"], url_path="reorder")
    def reorder(self, request: Request, **_kwargs: Any) -> Response:
        """Let tasks that begin together stand in this order."""
        rows = [(one["task"], one["version"]) for one in self.sent(TaskOrderFields)["tasks"]]
        schedule.reorder_tasks(self.revision, rows, actor=self.person)
        return self._several([row.pk for row, _version in rows])

    def _several(self, numbers: list[int]) -> Response:
        plan = self.plan()
        return Response(self.shown(plan, [plan.by_number[number] for number in numbers]))
