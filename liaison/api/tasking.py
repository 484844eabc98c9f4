"""Liaison taskings in the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    MomentField,
    NamedSerializer,
    ReasonSerializer,
    RecordField,
    RowField,
    SharedSerializer,
    VerbSerializer,
)
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.models import Area, Organisation, Position
from liaison.listings.tasking import tasking_list
from liaison.models import Engagement, Priority, Tasking
from liaison.services import tasking as services


class TaskingSerializer(SharedSerializer):
    assignee = NamedSerializer(read_only=True)
    issuer = NamedSerializer(read_only=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )

    class Meta:
        model = Tasking
        fields = (
            *SHARED_FIELDS,
            "title",
            "why",
            "details",
            "assignee",
            "issuer",
            "organisation",
            "area",
            "due_at",
            "priority",
            "state",
            "state_reason",
            "outcome",
            "acknowledged_at",
            "closed_at",
        )


class NewTasking(SharingFields):
    """A tasking to a position of the caller's organisation, issued as one of the caller's positions."""

    title = serializers.CharField(max_length=200)
    why = serializers.CharField(max_length=4000)
    details = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    issuer = RowField(queryset=Position.objects.filter(is_archived=False))
    assignee = RowField(queryset=Position.objects.filter(is_archived=False).select_related("office"))
    organisation = RowField(queryset=Organisation.objects.all(), required=False, allow_null=True)
    area = serializers.SlugRelatedField(
        slug_field="pcode", queryset=Area.objects.all(), required=False, allow_null=True
    )
    due_at = MomentField()
    priority = serializers.ChoiceField(choices=Priority.choices, default=int(Priority.ROUTINE))


class Completion(VerbSerializer):
    """What came of it: words, engagements that answer it, or both."""

    outcome = serializers.CharField(max_length=8000, allow_blank=True, default="")
    results = RecordField(Engagement, many=True, default=list)


class TaskingViewSet(SharedViewSet):
    """What positions are asked to do."""

    listing = tasking_list
    serializer_class = TaskingSerializer

    @extend_schema(request=NewTasking, responses={201: TaskingSerializer})
    def create(self, request: Request) -> Response:
        """Task a position; whoever holds it is told at once."""
        sent = NewTasking(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        data = dict(sent.validated_data)
        issuer, sharing = data.pop("issuer"), sharing_of(data)
        issued = services.issue_tasking(
            services.TaskingInput(sharing=sharing, **data), actor=self.person, issuer=issuer
        )
        self.kwargs["reference"] = issued.reference
        return self.answer(status.HTTP_201_CREATED)

    acknowledge = verb_route("acknowledge", services.acknowledge_tasking)
    start = verb_route("start", services.start_tasking)
    complete = verb_route("complete", services.complete_tasking, Completion)
    decline = verb_route("decline", services.decline_tasking, ReasonSerializer)
    withdraw = verb_route("withdraw", services.withdraw_tasking, ReasonSerializer)
