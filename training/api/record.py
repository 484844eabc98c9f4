"""Training records, seats and qualifications in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    NamedSerializer,
    ReasonSerializer,
    SharedSerializer,
    VerbSerializer,
)
from cimic_portal.core.api.viewsets import SharedViewSet, verb_route
from training.listings.record import enrolment_list, qualification_list, training_record_list
from training.models import Enrolment, Qualification, TrainingRecord
from training.services import enrolment as seats
from training.services import qualification as services


class TrainingRecordSerializer(SharedSerializer):
    person = NamedSerializer(read_only=True)
    languages = serializers.CharField(source="person.languages", read_only=True)

    class Meta:
        model = TrainingRecord
        fields = (*SHARED_FIELDS, "person", "languages")


class TrainingRecordViewSet(SharedViewSet):
    """One for each person; what stands on it is listed as seats and qualifications."""

    listing = training_record_list
    serializer_class = TrainingRecordSerializer


class _OfRecordViewSet(SharedViewSet):
    """Parts of training records, by their number."""

    joins: ClassVar[tuple[str, ...]] = ()
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"

    def get_queryset(self) -> Any:
        return self.listing.model._default_manager.visible_to(self.person)  # type: ignore[attr-defined]


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    record = serializers.SlugRelatedField(slug_field="reference", read_only=True)  # type: ignore[var-annotated]
    person = NamedSerializer(source="record.person", read_only=True)
    session = serializers.PrimaryKeyRelatedField(read_only=True)  # type: ignore[var-annotated]
    course = NamedSerializer(source="session.course", read_only=True)
    approver = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Enrolment
        fields = (
            "id",
            "version",
            "record",
            "person",
            "session",
            "course",
            "state",
            "approver",
            "entered_at",
            "result",
            "score",
            "reason",
        )


class EnrolmentViewSet(_OfRecordViewSet):
    """Seats in sessions: asked for, answered, given up. They are asked for at the session."""

    listing = enrolment_list
    serializer_class = EnrolmentSerializer
    joins = ("session__course__office",)

    approve = verb_route("approve", seats.approve_enrolment)
    decline = verb_route("decline", seats.decline_enrolment, ReasonSerializer)
    withdraw = verb_route("withdraw", seats.withdraw_enrolment, ReasonSerializer)


class QualificationSerializer(serializers.ModelSerializer[Qualification]):
    record = serializers.SlugRelatedField(slug_field="reference", read_only=True)  # type: ignore[var-annotated]
    person = NamedSerializer(source="record.person", read_only=True)
    course = NamedSerializer(read_only=True)

    class Meta:
        model = Qualification
        fields = (
            "id",
            "version",
            "record",
            "person",
            "course",
            "issued_on",
            "expires_on",
            "code",
            "way",
            "authority",
            "confirmed_at",
            "revoked_at",
            "reason",
        )


class ConfirmSerializer(VerbSerializer):
    """What was seen instead, where no proof is attached."""

    seen = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class QualificationViewSet(_OfRecordViewSet):
    """What people are qualified for, since when and until when."""

    listing = qualification_list
    serializer_class = QualificationSerializer
    joins = ("course__office",)

    confirm = verb_route("confirm", services.confirm_qualification, ConfirmSerializer)
    revoke = verb_route("revoke", services.revoke_qualification, ReasonSerializer)
