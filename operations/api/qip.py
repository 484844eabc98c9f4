"""Quick impact projects in the API: read, proposed, changed, and carried through."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import SHARED_FIELDS, NamedSerializer, ReasonSerializer, SharedSerializer
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.models import Person
from cimic_portal.core.views.attachments import send_picture
from operations.api import qip_fields as fields
from operations.listings.qip import qip_list
from operations.models import (
    Qip,
    QipAnswer,
    QipBudgetLine,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipVote,
)
from operations.services import qip as proposals
from operations.services import qip_review as review
from operations.services import qip_work as work


class QipSerializer(SharedSerializer):
    """A project as a list shows it."""

    place = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )
    partner = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Qip
        fields: ClassVar[tuple[str, ...]] = (
            *SHARED_FIELDS,
            "title",
            "state",
            "place",
            "location",
            "latitude",
            "longitude",
            "area",
            "partner",
            "beneficiaries",
            "beneficiary_count",
            "starts_on",
            "ends_on",
            "currency",
            "budget",
            "approved_amount",
            "submitted_at",
            "completed_on",
        )


class QipWhole(QipSerializer):
    """One project with its texts and parts, as far as the caller may see them."""

    chair = NamedSerializer(read_only=True, allow_null=True)
    decided_by = NamedSerializer(read_only=True, allow_null=True)
    answers = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    milestones = serializers.SerializerMethodField()
    payments = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    class Meta(QipSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *QipSerializer.Meta.fields,
            "need",
            "chair",
            "quorum",
            "returned_reason",
            "decided_by",
            "decided_at",
            "decision_reason",
            "cancelled_reason",
            "result",
            "reached_count",
            "handed_to",
            "lessons",
            "reopened_reason",
            "answers",
            "lines",
            "votes",
            "milestones",
            "payments",
            "photos",
        )

    def _of(self, model: Any, qip: Qip) -> Any:
        person: Person = self.context["request"].user
        return model.objects.visible_to(person).filter(qip=qip)

    @extend_schema_field(fields.AnswerSerializer(many=True))
    def get_answers(self, qip: Qip) -> Any:
        rows = self._of(QipAnswer, qip).select_related("criterion")
        return fields.AnswerSerializer(rows, many=True).data

    @extend_schema_field(fields.LineSerializer(many=True))
    def get_lines(self, qip: Qip) -> Any:
        return fields.LineSerializer(self._of(QipBudgetLine, qip), many=True).data

    @extend_schema_field(fields.VoteSerializer(many=True))
    def get_votes(self, qip: Qip) -> Any:
        rows = self._of(QipVote, qip).select_related("position__office", "voter")
        return fields.VoteSerializer(rows, many=True).data

    @extend_schema_field(fields.MilestoneSerializer(many=True))
    def get_milestones(self, qip: Qip) -> Any:
        return fields.MilestoneSerializer(self._of(QipMilestone, qip), many=True).data

    @extend_schema_field(fields.PaymentSerializer(many=True))
    def get_payments(self, qip: Qip) -> Any:
        rows = self._of(QipPayment, qip).select_related("recorded_by")
        return fields.PaymentSerializer(rows, many=True).data

    @extend_schema_field(fields.PhotoSerializer(many=True))
    def get_photos(self, qip: Qip) -> Any:
        rows = self._of(QipPhoto, qip).standing()
        return fields.PhotoSerializer(rows, many=True, context={"reference": qip.reference}).data


class QipViewSet(SharedViewSet):
    """Quick impact projects: proposals, reviews, work."""

    listing = qip_list
    serializer_class = QipWhole
    joins = (*SharedViewSet.joins, "chair__office", "decided_by")

    def get_serializer_class(self) -> Any:
        return QipSerializer if self.action == "list" else QipWhole

    @extend_schema(request=fields.NewQip, responses={201: QipWhole})
    def create(self, request: Request) -> Response:
        """Propose a project: a draft."""
        sent = fields.NewQip(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        office = sent.validated_data.pop("office")
        proposed = proposals.propose_qip(sent.input(), actor=self.person, office=office)
        self.kwargs["reference"] = proposed.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(request=fields.ChangedQip, responses=QipWhole)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Change a draft or returned proposal; the whole proposal is sent."""
        shown = self.get_object()
        sent = fields.ChangedQip(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        version = sent.validated_data.pop("version")
        proposals.edit_qip(shown, sent.input(), actor=self.person, version=version)
        return self.answer()

    @extend_schema(
        parameters=[OpenApiParameter("photo", int, OpenApiParameter.PATH, description="its number")],
        responses={(200, "image/*"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path="photos/(?P<photo>[0-9]{1,9})")
    def photo(self, request: Request, photo: str, **_kwargs: Any) -> FileResponse:
        """One photo, for whoever may see the project and is cleared for the photo itself."""
        qip = self.get_object()
        rows = QipPhoto.objects.visible_to(self.person).standing().filter(qip=qip)
        return send_picture(self.person, qip, get_object_or_404(rows, pk=int(photo)))

    submit = verb_route("submit", proposals.submit_qip)
    take_up = verb_route("take-up", review.take_up_qip)
    vote = verb_route("vote", review.cast_vote, fields.Vote)
    send_back = verb_route("return", review.return_qip, ReasonSerializer, attribute="send_back")
    approve = verb_route("approve", review.approve_qip, fields.Approval)
    refuse = verb_route("refuse", review.refuse_qip, ReasonSerializer)
    start = verb_route("start", work.start_qip)
    milestone = verb_route("milestone", work.reach_milestone, fields.MilestoneReached)
    pay = verb_route("pay", work.record_payment, fields.Payment)
    strike_payment = verb_route("strike-payment", work.strike_payment, fields.PaymentStruck)
    add_photo = verb_route("add-photo", work.add_photo, fields.NewPhoto, parsers=[MultiPartParser])
    strike_photo = verb_route("strike-photo", work.strike_photo, fields.PhotoStruck)
    complete = verb_route("complete", work.complete_qip, fields.CompletionReport)
    close = verb_route("close", work.close_qip)
    reopen = verb_route("reopen", work.reopen_qip, ReasonSerializer)
    cancel = verb_route("cancel", proposals.cancel_qip, ReasonSerializer)
