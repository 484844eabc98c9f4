"""Engagements in the API: the contact log, read and written."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    MomentField,
    NamedSerializer,
    ReasonSerializer,
    RowField,
    SharedSerializer,
)
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import GeoPosition, parse_position
from cimic_portal.core.models import Office, Person, Place
from liaison.api.fields import (
    MOST_ROWS,
    AttendeeInput,
    NewContactInput,
    PromiseInput,
    attendees_of,
    new_contacts_of,
    promises_of,
)
from liaison.listings.engagement import engagement_list
from liaison.models import Atmosphere, Attendance, Commitment, Engagement, EngagementKind, Visibility
from liaison.services import engagement as services
from liaison.services.inputs import EngagementInput


class AttendanceSerializer(serializers.ModelSerializer[Attendance]):
    """Who took part, with what they were at that time."""

    contact = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="reference", read_only=True, allow_null=True
    )
    name = serializers.CharField(source="__str__", read_only=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    person = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Attendance
        fields = ("contact", "name", "organisation", "person", "role")


class PromiseSerializer(serializers.ModelSerializer[Commitment]):
    organisation = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Commitment
        fields = ("id", "side", "what", "organisation", "due_on", "state", "settled_at", "note")


class EngagementSerializer(SharedSerializer):
    """An engagement as a list shows it."""

    kind = NamedSerializer(read_only=True)
    place = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="pcode", read_only=True, allow_null=True
    )
    approver = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Engagement
        fields: ClassVar[tuple[str, ...]] = (
            *SHARED_FIELDS,
            "purpose",
            "kind",
            "state",
            "starts_at",
            "ends_at",
            "place",
            "location",
            "latitude",
            "longitude",
            "area",
            "atmosphere",
            "visibility",
            "approver",
            "submitted_at",
        )


class EngagementWhole(EngagementSerializer):
    """One engagement with its texts and parts, as far as the caller may see them."""

    attendances = serializers.SerializerMethodField()
    promises = serializers.SerializerMethodField()

    class Meta(EngagementSerializer.Meta):
        fields: ClassVar[tuple[str, ...]] = (
            *EngagementSerializer.Meta.fields,
            "key_points",
            "atmosphere_why",
            "local_context",
            "next_steps",
            "do_no_harm",
            "returned_reason",
            "not_held_reason",
            "attendances",
            "promises",
        )

    def _person(self) -> Person:
        person: Person = self.context["request"].user
        return person

    @extend_schema_field(AttendanceSerializer(many=True))
    def get_attendances(self, engagement: Engagement) -> Any:
        rows = Attendance.objects.visible_to(self._person()).filter(engagement=engagement)
        return AttendanceSerializer(rows.select_related("contact", "organisation", "person"), many=True).data

    @extend_schema_field(PromiseSerializer(many=True))
    def get_promises(self, engagement: Engagement) -> Any:
        rows = Commitment.objects.visible_to(self._person()).filter(engagement=engagement)
        return PromiseSerializer(rows.select_related("organisation"), many=True).data


class EngagementWriting(SharingFields):
    """A whole report as it is written; `position` takes MGRS or degrees."""

    purpose = serializers.CharField(max_length=200)
    kind = RowField(queryset=EngagementKind.objects.filter(is_archived=False))
    starts_at = MomentField()
    ends_at = MomentField(required=False, allow_null=True)
    place = RowField(queryset=Place.objects.filter(is_archived=False), required=False, allow_null=True)
    location = serializers.CharField(max_length=160, required=False, allow_blank=True)
    position = serializers.CharField(max_length=80, required=False, allow_blank=True)
    key_points = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    atmosphere = serializers.ChoiceField(choices=Atmosphere.choices, required=False, allow_blank=True)
    atmosphere_why = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    local_context = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    next_steps = serializers.CharField(max_length=8000, required=False, allow_blank=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.OPEN)
    do_no_harm = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    attendees = serializers.ListField(child=AttendeeInput(), default=list, max_length=MOST_ROWS)
    new_contacts = serializers.ListField(child=NewContactInput(), default=list, max_length=MOST_ROWS)
    promises = serializers.ListField(child=PromiseInput(), default=list, max_length=MOST_ROWS)

    def validate_position(self, text: str) -> GeoPosition | None:
        try:
            return parse_position(text) if text.strip() else None
        except PositionError as error:
            raise serializers.ValidationError(str(error)) from error

    def input(self) -> EngagementInput:
        """What was sent, for the services."""
        data = dict(self.validated_data)
        position = data.pop("position", None)
        return EngagementInput(
            sharing=sharing_of(data),
            attendees=attendees_of(data.pop("attendees")),
            new_contacts=new_contacts_of(data.pop("new_contacts")),
            promises=promises_of(data.pop("promises")),
            latitude=position.lat if position else None,
            longitude=position.lon if position else None,
            **data,
        )


class NewEngagement(EngagementWriting):
    """A report to be logged for one of the caller's offices."""

    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class ChangedEngagement(EngagementWriting):
    """A report that replaces what stands there, on the version that was shown."""

    version = serializers.IntegerField(min_value=1)


class EngagementViewSet(SharedViewSet):
    """Meetings and calls, planned and reported."""

    listing = engagement_list
    serializer_class = EngagementWhole
    joins = (*SharedViewSet.joins, "approver__office")

    def get_serializer_class(self) -> Any:
        return EngagementSerializer if self.action == "list" else EngagementWhole

    @extend_schema(request=NewEngagement, responses={201: EngagementWhole})
    def create(self, request: Request) -> Response:
        """Log a contact: planned when it lies ahead, else a draft."""
        sent = NewEngagement(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        office = sent.validated_data.pop("office")
        logged = services.log_engagement(sent.input(), actor=self.person, office=office)
        self.kwargs["reference"] = logged.reference
        return self.answer(status.HTTP_201_CREATED)

    @extend_schema(request=ChangedEngagement, responses=EngagementWhole)
    def update(self, request: Request, **_kwargs: Any) -> Response:
        """Change a planned, draft or returned report; the whole report is sent."""
        shown = self.get_object()
        sent = ChangedEngagement(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        version = sent.validated_data.pop("version")
        services.edit_engagement(shown, sent.input(), actor=self.person, version=version)
        return self.answer()

    submit = verb_route("submit", services.submit_engagement)
    release = verb_route("release", services.release_engagement)
    send_back = verb_route("return", services.return_engagement, ReasonSerializer, attribute="send_back")
    held = verb_route("held", services.record_held)
    not_held = verb_route("not-held", services.record_not_held, ReasonSerializer)
