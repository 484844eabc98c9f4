"""What operations' nouns take in the API."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cimic_portal.core.api.fields import MomentField, RowField, VerbSerializer
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import parse_position
from cimic_portal.core.models import Area, Office, Organisation, Position
from operations.forms.operation_set import MOST_ROWS
from operations.models import (
    Acknowledgement,
    Answer,
    Concurrence,
    DiligenceDecision,
    OperationType,
    ParticipationRole,
    SectionKind,
)
from operations.services.inputs import OperationInput, ParticipantInput, WriterInput
from operations.services.operation_checks import MOST_CORNERS


class ParticipantFields(serializers.Serializer[Any]):
    """One who takes part: an office, or an organisation as such."""

    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True), required=False, allow_null=True)
    organisation = RowField(
        queryset=Organisation.objects.filter(is_archived=False), required=False, allow_null=True
    )
    position = RowField(
        queryset=Position.objects.filter(is_archived=False).select_related("office"),
        required=False,
        allow_null=True,
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("office")) == bool(attrs.get("organisation")):
            raise serializers.ValidationError({"office": [_("Name the office or the organisation.")]})
        return attrs


class WriterFields(serializers.Serializer[Any]):
    """The position that writes a section of the plan."""

    section = serializers.ChoiceField(choices=SectionKind.choices)
    position = RowField(queryset=Position.objects.filter(is_archived=False).select_related("office"))


class OperationWriting(SharingFields):
    """The frame of an operation as it is written; corners take MGRS or degrees."""

    title = serializers.CharField(max_length=160)
    kind = RowField(queryset=OperationType.objects.filter(is_archived=False))
    purpose = serializers.CharField(max_length=4000)
    starts_at = MomentField()
    ends_at = MomentField()
    area = serializers.SlugRelatedField(
        slug_field="pcode", queryset=Area.objects.all(), required=False, allow_null=True
    )
    boundary = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, default=list, max_length=MOST_CORNERS
    )
    non_un_support = serializers.BooleanField(default=False)
    approver = RowField(queryset=Position.objects.filter(is_archived=False).select_related("office"))
    participants = serializers.ListField(child=ParticipantFields(), max_length=MOST_ROWS)
    writers = serializers.ListField(child=WriterFields(), default=list, max_length=len(SectionKind))

    def validate_boundary(self, lines: list[str]) -> tuple[tuple[float, float], ...]:
        corners = []
        for line in lines:
            try:
                position = parse_position(line)
            except PositionError as error:
                raise serializers.ValidationError(f"{line}: {error}") from error
            corners.append((float(position.lon), float(position.lat)))
        return tuple(corners)

    def validate_writers(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["section"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("One position writes each section."))
        return rows

    def input(self) -> OperationInput:
        """What was sent, for the services."""
        data = dict(self.validated_data)
        return OperationInput(
            sharing=sharing_of(data),
            participants=tuple(ParticipantInput(**row) for row in data.pop("participants")),
            writers=tuple(WriterInput(**row) for row in data.pop("writers")),
            **data,
        )


class ChangedFrame(VerbSerializer):
    """Period and participants as the FRAGO that is being written has them from then on."""

    starts_at = MomentField()
    ends_at = MomentField()
    participants = serializers.ListField(child=ParticipantFields(), max_length=MOST_ROWS)


class NewOperation(OperationWriting):
    """An operation to be drafted for one of the caller's offices."""

    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class ChangedOperation(OperationWriting):
    """A frame that replaces what stands there, on the version that was shown."""

    version = serializers.IntegerField(min_value=1)


class Staffing(VerbSerializer):
    """By when those who are asked answer."""

    answers_due_at = MomentField()


class QuestionField(RowField):
    """A question of staffing, by its number, among those that the caller may see."""

    def get_queryset(self) -> Any:
        return Concurrence.objects.visible_to(self.context["request"].user)


ANSWERS = [(value, label) for value, label in Answer.choices if value != Answer.PENDING]


class Answering(VerbSerializer):
    """The answer to one question of staffing."""

    concurrence = QuestionField(queryset=OperationType.objects.none())
    answer = serializers.ChoiceField(choices=ANSWERS)
    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")


class RecordedAnswer(Answering):
    """An answer that came by another way, and by which."""

    how = serializers.CharField(max_length=200)


class Approval(VerbSerializer):
    """The decision; its reasons are needed where somebody objects.

    `answers_seen`: the newest `answered_at` that was read; where somebody answered since, it is 409.
    """

    reason = serializers.CharField(max_length=4000, allow_blank=True, default="")
    answers_seen = MomentField(required=False)

    def validate_answers_seen(self, moment: Any) -> str:
        return str(moment.astimezone(UTC).isoformat())


class AssessmentFields(VerbSerializer):
    """The due diligence assessment on security forces outside the UN."""

    supported = serializers.CharField(max_length=2000)
    risk = serializers.CharField(max_length=4000)
    mitigation = serializers.CharField(max_length=4000, allow_blank=True, default="")
    decision = serializers.ChoiceField(choices=DiligenceDecision.choices)
    monitoring = serializers.CharField(max_length=2000)


class Monitoring(VerbSerializer):
    """What was seen of the supported forces."""

    text = serializers.CharField(max_length=4000)
    is_violation = serializers.BooleanField(default=False)


class Amendment(VerbSerializer):
    """A FRAGO to be written: what changes, and why."""

    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=4000)


class AcknowledgementField(RowField):
    """A row of who acknowledges, by its number, among those that the caller may see."""

    def get_queryset(self) -> Any:
        return Acknowledgement.objects.visible_to(self.context["request"].user)


class RecordedAcknowledgement(VerbSerializer):
    """The word of a participant without people in the portal, and how it came."""

    acknowledgement = AcknowledgementField(queryset=OperationType.objects.none())
    how = serializers.CharField(max_length=200)
