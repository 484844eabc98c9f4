"""The plan of an exercise in the API: objectives, roles, teams with their runs, injects, and who plays what.

Under an exercise: `/exercises/{reference}/objectives/`, `/roles/`, `/runs/`, `/injects/` and `/seats/`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import VerbSerializer
from cimic_portal.core.api.viewsets import CallerViewSet
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from training.api import exercise_plan_fields as fields
from training.models import (
    Exercise,
    ExerciseInject,
    ExerciseObjective,
    ExerciseRole,
    ExerciseRun,
    ExerciseSeat,
)
from training.reports.exercise_msel import msel_of
from training.services import exercise_plan as services


class OfExerciseViewSet(CallerViewSet):
    """What belongs to the exercise of the address; who may not see that finds nothing."""

    queryset: Any = Exercise.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The exercise is looked for before anything that was sent."""
        super().initial(request, *args, **kwargs)
        if self.is_about_address:
            return
        rows = Exercise.objects.visible_to(self.person).select_related("owner_office", "author")
        self.exercise: Exercise = get_object_or_404(rows, reference=self.kwargs["reference"])
        log_read(self.person, "api exercise plan", [self.exercise])

    def of(self, model: Any) -> Any:
        """The rows of the exercise that the caller reads."""
        return model.objects.visible_to(self.person).filter(exercise=self.exercise)

    def shown(self) -> list[Any]:
        """What the list tells, in its order."""
        return list(self.of(self.queryset.model))

    def list(self, request: Request, **_kwargs: Any) -> Response:
        """All of them that the caller reads."""
        return Response(self.get_serializer(self.shown(), many=True).data)


class PlanRowViewSet(OfExerciseViewSet):
    """A kind of row of the plan: entered, changed on the version that was shown, and taken away."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    input: ClassVar[type]
    add: ClassVar[Callable[..., Any]]
    change: ClassVar[Callable[..., Any]]

    def row(self) -> Any:
        found = get_object_or_404(self.of(self.queryset.model), pk=self.kwargs["id"])
        found.exercise = self.exercise
        return found

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(row).data, status=code)

    def read(self, data: dict[str, Any]) -> Any:
        """What was sent, as the service takes it."""
        return self.input(**data)

    def enter(self, takes: type[serializers.Serializer[Any]]) -> Response:
        made = type(self).add(self.exercise, self.read(self.sent(takes)), actor=self.person)
        return self.answer(made, status.HTTP_201_CREATED)

    def replace(self, takes: type[serializers.Serializer[Any]]) -> Response:
        row, data = self.row(), self.sent(takes)
        version = data.pop("version")
        return self.answer(type(self).change(row, self.read(data), actor=self.person, version=version))

    def retrieve(self, request: Request, **_kwargs: Any) -> Response:
        """One of them."""
        return self.answer(self.row())

    @extend_schema(request=VerbSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, **_kwargs: Any) -> Response:
        """Take it away, before STARTEX."""
        services.remove_row(self.row(), actor=self.person, **self.sent(VerbSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ObjectiveViewSet(PlanRowViewSet):
    """What is to be shown; and after ENDEX how far it was."""

    serializer_class = fields.ObjectiveShown
    queryset = ExerciseObjective.objects.none()
    input, add, change = services.ObjectiveInput, services.add_objective, services.change_objective

    @extend_schema(request=fields.ObjectiveFields, responses={201: fields.ObjectiveShown})
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Say what is to be shown."""
        return self.enter(fields.ObjectiveFields)

    @extend_schema(request=fields.ChangedObjective)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Say it otherwise."""
        return self.replace(fields.ChangedObjective)


class RoleViewSet(PlanRowViewSet):
    """The parts that are played, and the places in control."""

    serializer_class = fields.RoleShown
    queryset = ExerciseRole.objects.none()
    input, add, change = services.RoleInput, services.add_role, services.change_role

    @extend_schema(request=fields.RoleFields, responses={201: fields.RoleShown})
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Add a role."""
        return self.enter(fields.RoleFields)

    @extend_schema(request=fields.ChangedRole)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Call it otherwise, or give it another part."""
        return self.replace(fields.ChangedRole)


class RunViewSet(PlanRowViewSet):
    """The teams, each with its run and the clock of it."""

    serializer_class = fields.RunShown
    queryset = ExerciseRun.objects.none()
    input, add, change = services.RunInput, services.add_run, services.change_run

    @extend_schema(request=fields.RunFields, responses={201: fields.RunShown})
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Add a team."""
        return self.enter(fields.RunFields)

    @extend_schema(request=fields.ChangedRun)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Rename the team."""
        return self.replace(fields.ChangedRun)


class InjectViewSet(PlanRowViewSet):
    """The MSEL; a player reads an inject once it was delivered to their role."""

    serializer_class = fields.InjectShown
    queryset = ExerciseInject.objects.none()
    input, add, change = services.InjectInput, services.add_inject, services.change_inject

    def shown(self) -> list[Any]:
        return msel_of(self.exercise, self.person)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        return super().answer(next(one for one in self.shown() if one.inject.pk == row.pk), code)

    def read(self, data: dict[str, Any]) -> services.InjectInput:
        """Roles and objective are looked for among those of the exercise."""
        roles = list(self.of(ExerciseRole).filter(pk__in=data["roles"]))
        problems = {}
        if len(roles) != len(set(data["roles"])):
            problems["roles"] = [_("There is no such role in this exercise.")]
        if data["objective"] is not None:
            objective = self.of(ExerciseObjective).filter(number=data["objective"]).first()
            if objective is None:
                problems["objective"] = [_("There is no such objective in this exercise.")]
            data["objective"] = objective
        if problems:
            raise InvalidError(problems)
        return services.InjectInput(**data | {"roles": roles})

    @extend_schema(request=fields.InjectFields, responses={201: fields.InjectShown})
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Write an inject into the MSEL."""
        return self.enter(fields.InjectFields)

    @extend_schema(request=fields.ChangedInject)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Write it otherwise, as long as no team has received it."""
        return self.replace(fields.ChangedInject)


class SeatViewSet(OfExerciseViewSet):
    """Who plays what in which run; control and observers in all of them."""

    serializer_class = fields.SeatShown
    queryset = ExerciseSeat.objects.none()

    def shown(self) -> list[Any]:
        rows = self.of(ExerciseSeat).order_by("run__number", "pk")
        return list(rows.select_related("run", "role", "position__office", "person"))

    @extend_schema(request=fields.SeatFields, responses=fields.SeatShown(many=True))
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Give a role to a position, a person or both, or to nobody; the seats as they are then."""
        data = self.sent(fields.SeatFields)
        role = get_object_or_404(self.of(ExerciseRole), pk=data.pop("role"))
        number = data.pop("run")
        run = get_object_or_404(self.of(ExerciseRun), number=number) if number is not None else None
        services.take_seat(self.exercise, role, run, actor=self.person, **data)
        return Response(self.get_serializer(self.shown(), many=True).data)
