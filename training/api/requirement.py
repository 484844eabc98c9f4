"""Requirements in the API: read by everyone, kept by the training centre and the administrators."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import NamedSerializer, RowField, VerbSerializer
from cimic_portal.core.api.viewsets import ListedViewSet, verb_route
from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.levels import Component
from operations.models import OperationType
from training.listings.requirement import requirement_list
from training.models import LONGEST_DAYS, CountedFrom, Course, Requirement, Whom
from training.services import requirement as services


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    course = NamedSerializer(read_only=True)
    office = NamedSerializer(read_only=True, allow_null=True)
    position = NamedSerializer(read_only=True, allow_null=True)
    kind = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Requirement
        fields = (
            "id",
            "course",
            "whom",
            "component",
            "office",
            "position",
            "kind",
            "days",
            "counted_from",
            "always",
            "note",
            "is_archived",
            "version",
        )


class NewRequirement(serializers.Serializer[Any]):
    """A course, of whom it is asked, and by when; of the four targets the one that `whom` names."""

    course = RowField(queryset=Course.objects.filter(is_archived=False))
    whom = serializers.ChoiceField(choices=Whom.choices)
    component = serializers.ChoiceField(choices=Component.choices, required=False, allow_null=True)
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True), required=False, allow_null=True)
    position = RowField(
        queryset=Position.objects.filter(is_archived=False).select_related("office"),
        required=False,
        allow_null=True,
    )
    kind = RowField(queryset=OperationType.objects.filter(is_archived=False), required=False, allow_null=True)
    days = serializers.IntegerField(min_value=0, max_value=LONGEST_DAYS, default=30)
    counted_from = serializers.ChoiceField(choices=CountedFrom.choices, default=CountedFrom.ARRIVAL)
    always = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ChangedRequirement(NewRequirement, VerbSerializer):
    """The same, with the version that was shown."""


def _changed(row: Requirement, *, actor: Person, version: int, **data: Any) -> Requirement:
    given = services.RequirementInput(**data)
    return services.change_requirement(row, given, actor=actor, version=version)


class RequirementViewSet(ListedViewSet):
    """Which course is asked of whom, by when."""

    listing = requirement_list
    serializer_class = RequirementSerializer

    def answer(self, status_code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(self.get_object()).data, status=status_code)

    @extend_schema(request=NewRequirement, responses={201: RequirementSerializer})
    def create(self, request: Request) -> Response:
        """Ask a course of somebody."""
        sent = NewRequirement(data=request.data)
        sent.is_valid(raise_exception=True)
        data = services.RequirementInput(**sent.validated_data)
        self.kwargs["pk"] = services.add_requirement(data, actor=self.person).pk
        return self.answer(status.HTTP_201_CREATED)

    change = verb_route(
        "change",
        _changed,
        ChangedRequirement,
        explain="Change what is asked, of whom, by when.",
    )
    archive = verb_route("archive", services.archive_requirement)
    restore = verb_route("restore", services.restore_requirement)
