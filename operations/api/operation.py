"""Operations in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import SHARED_FIELDS, NamedSerializer, ReasonSerializer, SharedSerializer
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.models import Person
from operations.api.fields import (
    Amendment,
    Answering,
    Approval,
    AssessmentFields,
    ChangedFrame,
    ChangedOperation,
    Monitoring,
    NewOperation,
    RecordedAcknowledgement,
    RecordedAnswer,
    Staffing,
)
from operations.listings.operation import operation_list
from operations.models import Acknowledgement, Concurrence, DueDiligence, Operation, Participation
from operations.services import conduct, diligence, frago, frame, review, staffing
from operations.services import operation as services
from operations.services.inputs import FrameInput, ParticipantInput


class ParticipationSerializer(serializers.ModelSerializer[Participation]):
    office = NamedSerializer(read_only=True, allow_null=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    position = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Participation
        fields = ("role", "office", "organisation", "position", "note")


class ConcurrenceSerializer(serializers.ModelSerializer[Concurrence]):
    """What was answered in a round of staffing; `id` is what a verb answers."""

    office = NamedSerializer(read_only=True, allow_null=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    position = NamedSerializer(read_only=True, allow_null=True)
    answered_by = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Concurrence
        fields = (
            "id",
            "round",
            "office",
            "organisation",
            "component",
            "position",
            "answer",
            "reason",
            "answered_by",
            "answered_at",
            "recorded_how",
            "due_at",
        )


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    """Who has read what came into force; `frago` is its number, empty for the order itself."""

    office = NamedSerializer(read_only=True, allow_null=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    position = NamedSerializer(read_only=True, allow_null=True)
    acknowledged_by = NamedSerializer(read_only=True, allow_null=True)
    frago = serializers.IntegerField(source="revision.frago_number", read_only=True, allow_null=True)

    class Meta:
        model = Acknowledgement
        fields = (
            "id",
            "frago",
            "office",
            "organisation",
            "position",
            "acknowledged_by",
            "acknowledged_at",
            "recorded_how",
        )


class DiligenceSerializer(serializers.ModelSerializer[DueDiligence]):
    class Meta:
        model = DueDiligence
        fields = ("supported", "risk", "mitigation", "decision", "monitoring", "assessed_at")


class OperationSerializer(SharedSerializer):
    """An operation as a list shows it."""

    kind = NamedSerializer(read_only=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )
    approver = NamedSerializer(read_only=True)

    class Meta:
        model = Operation
        fields: ClassVar[tuple[str, ...]] = (
            *SHARED_FIELDS,
            "title",
            "kind",
            "purpose",
            "state",
            "state_reason",
            "area",
            "boundary",
            "starts_at",
            "ends_at",
            "non_un_support",
            "approver",
            "round",
            "answers_due_at",
            "approved_at",
            "order_name",
            "decision_reason",
            "completed_at",
        )


class OperationWhole(OperationSerializer):
    """One operation with who takes part and what was answered."""

    participants = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    acknowledgements = serializers.SerializerMethodField()
    diligence = serializers.SerializerMethodField()

    class Meta(OperationSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *OperationSerializer.Meta.fields,
            "participants",
            "answers",
            "acknowledgements",
            "diligence",
        )

    def _person(self) -> Person:
        person: Person = self.context["request"].user
        return person

    @extend_schema_field(ParticipationSerializer(many=True))
    def get_participants(self, operation: Operation) -> Any:
        rows = Participation.objects.visible_to(self._person()).filter(operation=operation)
        named = rows.select_related("office", "organisation", "position__office")
        return ParticipationSerializer(named, many=True).data

    @extend_schema_field(ConcurrenceSerializer(many=True))
    def get_answers(self, operation: Operation) -> Any:
        rows = Concurrence.objects.visible_to(self._person()).filter(operation=operation)
        named = rows.select_related("office", "organisation", "position__office", "answered_by")
        return ConcurrenceSerializer(named, many=True).data

    @extend_schema_field(AcknowledgementSerializer(many=True))
    def get_acknowledgements(self, operation: Operation) -> Any:
        rows = Acknowledgement.objects.visible_to(self._person()).filter(operation=operation)
        named = rows.select_related(
            "revision", "office", "organisation", "position__office", "acknowledged_by"
        )
        return AcknowledgementSerializer(named, many=True).data

    @extend_schema_field(DiligenceSerializer(allow_null=True))
    def get_diligence(self, operation: Operation) -> Any:
        row = DueDiligence.objects.visible_to(self._person()).filter(operation=operation).first()
        return DiligenceSerializer(row).data if row else None


def _assess(operation: Operation, *, actor: Person, version: int, **data: str) -> None:
    diligence.record_assessment(operation, diligence.Assessment(**data), actor=actor, version=version)


def _change_frame(
    operation: Operation, *, actor: Person, version: int, participants: list[dict[str, Any]], **period: Any
) -> None:
    data = FrameInput(**period, participants=tuple(ParticipantInput(**row) for row in participants))
    frame.change_frame(operation, data, actor=actor, version=version)


class OperationViewSet(SharedViewSet):
    """What components and partners plan and do together."""

    listing = operation_list
    serializer_class = OperationWhole

    def get_serializer_class(self) -> Any:
        return OperationSerializer if self.action == "list" else OperationWhole

    @extend_schema(request=NewOperation, responses={201: OperationWhole})
    def create(self, request: Request) -> Response:
        """Draft an operation for one of the caller's offices, with an empty plan."""
        sent = NewOperation(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        office = sent.validated_data.pop("office")
        drafted = services.draft_operation(sent.input(), actor=self.person, office=office)
        self.kwargs["reference"] = drafted.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(request=ChangedOperation, responses=OperationWhole)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Change the frame of a draft; the whole frame is sent."""
        shown = self.get_object()
        sent = ChangedOperation(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        version = sent.validated_data.pop("version")
        services.edit_operation(shown, sent.input(), actor=self.person, version=version)
        return self.answer()

    staff = verb_route("staff", staffing.staff_operation, Staffing)
    give_answer = verb_route("answer", staffing.answer_staffing, Answering, attribute="give_answer")
    record_answer = verb_route("record-answer", staffing.record_answer, RecordedAnswer)
    pull_back = verb_route("pull-back", staffing.pull_back, ReasonSerializer)
    send_back = verb_route("return", staffing.return_operation, ReasonSerializer, attribute="send_back")
    approve = verb_route("approve", staffing.approve_operation, Approval)
    begin_frago = verb_route("frago", frago.open_frago, Amendment, attribute="begin_frago")
    change_frame = verb_route(
        "frame",
        _change_frame,
        ChangedFrame,
        attribute="change_frame",
        explain="Change period and participants in the FRAGO that is being written.",
    )
    submit_frago = verb_route("submit-frago", frago.submit_frago)
    return_frago = verb_route("return-frago", frago.return_frago, ReasonSerializer)
    drop_frago = verb_route("drop-frago", frago.drop_frago, ReasonSerializer)
    issue_frago = verb_route("issue-frago", frago.issue_frago, Approval)
    acknowledge = verb_route("acknowledge", frago.acknowledge_order)
    record_acknowledgement = verb_route(
        "record-acknowledgement", frago.record_acknowledgement, RecordedAcknowledgement
    )
    activate = verb_route("activate", conduct.activate_operation)
    suspend = verb_route("suspend", conduct.suspend_operation, ReasonSerializer)
    resume = verb_route("resume", conduct.resume_operation)
    complete = verb_route("complete", conduct.complete_operation)
    finish_review = verb_route("finish-review", review.finish_review)
    close = verb_route("close", conduct.close_operation)
    cancel = verb_route("cancel", conduct.cancel_operation, ReasonSerializer)
    assess = verb_route(
        "assess", _assess, AssessmentFields, explain="Record the due diligence assessment, or assess anew."
    )
    monitor = verb_route("monitor", diligence.note_monitoring, Monitoring)
