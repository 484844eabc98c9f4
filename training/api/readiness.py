"""Readiness in the API: of an office, of an operation, of a person; and who can do a task."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import RowField, VerbSerializer
from cimic_portal.core.api.viewsets import CallerViewSet
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Office
from operations.models import Operation, Participation
from training.api.readiness_fields import (
    AbsenceShown,
    AnswerShown,
    NewAbsence,
    ReadinessShown,
    shown,
)
from training.forms.whocan import WhoCanForm
from training.models import Absence, Course, OperationRequirement, Qualification, TrainingRecord
from training.readiness.operation import operation_readiness
from training.readiness.people import Tree, read_people
from training.readiness.person import person_readiness
from training.readiness.reading import Asked, readiness_of
from training.readiness.whocan import Candidate, who_can
from training.services import absence as absences
from training.services import requirement as requirements

_DAYS = [
    OpenApiParameter(name, OpenApiTypes.DATE, description=words)
    for name, words in (("since", "First day; tomorrow where none is given."), ("until", "Last day."))
]
_WHO = [
    OpenApiParameter("courses", OpenApiTypes.INT, many=True, description="Qualified in all of these."),
    OpenApiParameter("languages", str, description="Speaks all of these words."),
    OpenApiParameter("clearance", OpenApiTypes.INT, description="Cleared for this level."),
    *_DAYS,
]


class _ReadinessViewSet(CallerViewSet):
    """What these share: nothing is listed."""

    lookup_value_regex = "[0-9A-Z]{10}"
    lookup_field = "reference"
    queryset: Any = TrainingRecord.objects.none()
    serializer_class = ReadinessShown


class OfficeReadinessViewSet(_ReadinessViewSet):
    """The people of an office and of those below it."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    queryset = Office.objects.all()

    @extend_schema(responses=ReadinessShown)
    def retrieve(self, request: Request, id: str) -> Response:
        """Everybody whose training record the caller may see × the courses that their posts ask."""
        office = get_object_or_404(Office, pk=id)
        tree = Tree()
        people = read_people(self.person, tree, offices=tree.below(office.pk))
        rows = Qualification.objects.visible_to(self.person)
        found = readiness_of(rows, people, Asked(), timezone.localdate())
        log_read(self.person, "api readiness", found.records)
        return Response(ReadinessShown(shown(found)).data)

    @extend_schema(responses=AnswerShown, parameters=_WHO)
    @action(detail=True, methods=["get"], url_path="who-can")
    def who_can(self, request: Request, id: str) -> Response:
        """Who of the office and of those below it is qualified, cleared and there on all these days."""
        office = get_object_or_404(Office, pk=id)
        asked = request.query_params.copy()
        asked["office"] = str(office.pk)
        tree = Tree()
        form = WhoCanForm(asked, tree=tree, organisations={office.organisation_id})
        if not form.is_valid():
            raise InvalidError({name: [str(line) for line in lines] for name, lines in form.errors.items()})
        answer = who_can(self.person, form.wanted())
        records = [one.who.record for one in answer.candidates]
        log_read(self.person, "api who can", [*records, *answer.operations])
        told = {"left_out": answer.left_out, "people": [_candidate(one) for one in answer.candidates]}
        return Response(AnswerShown(told).data)


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "record": one.who.record.reference,
        "name": one.who.name,
        "post": one.who.post_words,
        "languages": one.languages,
        "free": one.is_free,
        "busy": one.busy,
        "tasks": [str(task) for task in one.beside],
    }


class AskedOfOperation(VerbSerializer):
    """A course that those who take part need; `participation`: of one participant only."""

    course = RowField(queryset=Course.objects.filter(is_archived=False))
    participation = serializers.IntegerField(required=False, allow_null=True, max_value=2**62)


class DroppedOfOperation(VerbSerializer):
    requirement = serializers.IntegerField(max_value=2**62)


class OperationReadinessViewSet(_ReadinessViewSet):
    """Those who take part in an operation; ready is whoever holds what is asked until it ends."""

    def _operation(self, reference: str) -> Operation:
        rows = Operation.objects.visible_to(self.person).select_related("kind", "owner_office")
        return get_object_or_404(rows, reference=reference)

    def _answer(self, operation: Operation, code: int = status.HTTP_200_OK) -> Response:
        found = operation_readiness(self.person, operation, timezone.localdate())
        log_read(self.person, "api readiness", [operation, *found.records])
        return Response(ReadinessShown(shown(found)).data, status=code)

    @extend_schema(responses=ReadinessShown)
    def retrieve(self, request: Request, reference: str) -> Response:
        """Everybody who takes part × what their posts and the operation ask."""
        return self._answer(self._operation(reference))

    @extend_schema(request=AskedOfOperation, responses={201: ReadinessShown})
    @action(detail=True, methods=["post"])
    def require(self, request: Request, reference: str) -> Response:
        """Ask a course of those who take part; `version` is the operation's."""
        operation = self._operation(reference)
        sent = AskedOfOperation(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        participation = None
        if data.get("participation") is not None:
            rows = Participation.objects.visible_to(self.person).filter(operation=operation)
            participation = rows.filter(pk=data["participation"]).first()
            if participation is None:
                raise InvalidError({"participation": ["There is no such participant."]})
        requirements.require_for_operation(
            operation,
            data["course"],
            actor=self.person,
            version=data["version"],
            participation=participation,
        )
        return self._answer(operation, status.HTTP_201_CREATED)

    @extend_schema(request=DroppedOfOperation, responses=ReadinessShown)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, reference: str) -> Response:
        """Ask a course of the operation no more; `version` is the operation's."""
        operation = self._operation(reference)
        sent = DroppedOfOperation(data=request.data)
        sent.is_valid(raise_exception=True)
        rows = OperationRequirement.objects.visible_to(self.person).select_related("operation")
        asked = get_object_or_404(rows, operation=operation, pk=sent.validated_data["requirement"])
        requirements.drop_for_operation(asked, actor=self.person, version=sent.validated_data["version"])
        return self._answer(operation)


class WithdrawnAbsence(VerbSerializer):
    absence = serializers.IntegerField(max_value=2**62)


class PersonReadinessViewSet(_ReadinessViewSet):
    """One person, by the reference of their training record."""

    def _record(self, reference: str) -> TrainingRecord:
        rows = TrainingRecord.objects.visible_to(self.person).select_related("person", "owner_office")
        return get_object_or_404(rows, reference=reference)

    @extend_schema(responses=ReadinessShown)
    def retrieve(self, request: Request, reference: str) -> Response:
        """What is asked of the person, and how it stands; 404 for whoever holds no post now."""
        record = self._record(reference)
        own = person_readiness(self.person, record.person)
        if own is None:
            raise Http404
        log_read(self.person, "api readiness", [record, *own.operations])
        return Response(ReadinessShown(shown(own.readiness)).data)

    @extend_schema(responses=AbsenceShown(many=True))
    @action(detail=True, methods=["get"])
    def absences(self, request: Request, reference: str) -> Response:
        """When the person is away, today and later."""
        record = self._record(reference)
        log_read(self.person, "api absences", [record])
        rows = Absence.objects.visible_to(self.person).filter(record=record).ahead(timezone.localdate())
        return Response(AbsenceShown(rows, many=True).data)

    @extend_schema(request=NewAbsence, responses={201: AbsenceShown})
    @action(detail=True, methods=["post"])
    def away(self, request: Request, reference: str) -> Response:
        """Say that the person is away."""
        record = self._record(reference)
        sent = NewAbsence(data=request.data)
        sent.is_valid(raise_exception=True)
        made = absences.enter_absence(record, actor=self.person, **sent.validated_data)
        return Response(AbsenceShown(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WithdrawnAbsence, responses={204: None})
    @action(detail=True, methods=["post"])
    def back(self, request: Request, reference: str) -> Response:
        """Withdraw an absence; `version` is the absence's."""
        record = self._record(reference)
        sent = WithdrawnAbsence(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        rows = Absence.objects.visible_to(self.person).select_related("record__owner_office")
        absence = get_object_or_404(rows, record=record, pk=data["absence"])
        absences.withdraw_absence(absence, actor=self.person, version=data["version"])
        return Response(status=status.HTTP_204_NO_CONTENT)
