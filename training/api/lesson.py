"""Lessons in the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    NamedSerializer,
    ReasonSerializer,
    RowField,
    SharedSerializer,
    VerbSerializer,
)
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.models import Area, Office, Position
from operations.models import OperationType
from training.listings.lesson import lesson_list
from training.models import Lesson, LessonTheme
from training.services import lesson as services


class LessonSerializer(SharedSerializer):
    theme = NamedSerializer(read_only=True, allow_null=True)
    kind = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )
    owner = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Lesson
        fields = (
            *SHARED_FIELDS,
            "title",
            "observation",
            "insight",
            "recommendation",
            "theme",
            "kind",
            "area",
            "state",
            "state_reason",
            "owner",
            "action",
            "due_on",
            "proof",
            "learned_at",
        )


class NewLesson(SharingFields):
    """What was seen, for an office of the caller's; the office reads it until it is released."""

    title = serializers.CharField(max_length=160)
    observation = serializers.CharField(max_length=4000)
    insight = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    recommendation = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    theme = RowField(queryset=LessonTheme.objects.filter(is_archived=False), required=False, allow_null=True)
    kind = RowField(queryset=OperationType.objects.filter(is_archived=False), required=False, allow_null=True)
    area = serializers.SlugRelatedField(
        slug_field="pcode", queryset=Area.objects.all(), required=False, allow_null=True
    )
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class PlannedAction(VerbSerializer):
    """What is done, by which position, by when."""

    action = serializers.CharField(max_length=4000)
    owner = RowField(queryset=Position.objects.filter(is_archived=False).select_related("office"))
    due_on = serializers.DateField()


class ReportedChange(VerbSerializer):
    """What has changed, and how one sees that it helps."""

    proof = serializers.CharField(max_length=4000)


class LessonViewSet(SharedViewSet):
    """From what was seen to what is done otherwise."""

    listing = lesson_list
    serializer_class = LessonSerializer

    @extend_schema(request=NewLesson, responses={201: LessonSerializer})
    def create(self, request: Request) -> Response:
        """Write a lesson down."""
        sent = NewLesson(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        office, sharing = data.pop("office"), sharing_of(data)
        written = services.record_lesson(
            services.LessonInput(**data), actor=self.person, office=office, sharing=sharing
        )
        self.kwargs["reference"] = written.reference
        return self.answer(status.HTTP_201_CREATED)

    submit = verb_route("submit", services.submit_lesson)
    send_back = verb_route("return", services.return_lesson, ReasonSerializer, attribute="send_back")
    identify = verb_route("identify", services.identify_lesson)
    plan_action = verb_route("plan-action", services.plan_action, PlannedAction)
    report_change = verb_route("report-change", services.report_change, ReportedChange)
    reopen = verb_route("reopen", services.reopen_lesson, ReasonSerializer)
    validate = verb_route("validate", services.validate_lesson)
    drop = verb_route("drop", services.drop_lesson, ReasonSerializer)
