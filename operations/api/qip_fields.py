"""Fields of quick impact projects in the API: parts as they are read, and what is sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cimic_portal.core.api.fields import NamedSerializer, RowField, VerbSerializer
from cimic_portal.core.api.sharing import SharingFields, sharing_of
from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import GeoPosition, parse_position
from cimic_portal.core.models import Office, Organisation, Place
from cimic_portal.core.sharing.levels import Classification
from operations.models import (
    QipAnswer,
    QipBudgetLine,
    QipCriterion,
    QipMilestone,
    QipPayment,
    QipPhoto,
    QipVote,
    VoteChoice,
)
from operations.services.qip_inputs import Answer, BudgetLine, Completion, Milestone, PaymentInput, QipInput

MOST_ROWS = 60
MOST_PEOPLE = 10_000_000
MAX_ID = 2**63 - 1


def money(**options: Any) -> serializers.DecimalField:
    """An amount with two places, as text."""
    return serializers.DecimalField(max_digits=12, decimal_places=2, **options)


@extend_schema_serializer(component_name="QipAnswer")
class AnswerSerializer(serializers.ModelSerializer[QipAnswer]):
    criterion = NamedSerializer(read_only=True)

    class Meta:
        model = QipAnswer
        fields = ("criterion", "is_met", "evidence")


class LineSerializer(serializers.ModelSerializer[QipBudgetLine]):
    class Meta:
        model = QipBudgetLine
        fields = ("what", "amount")


class MilestoneSerializer(serializers.ModelSerializer[QipMilestone]):
    class Meta:
        model = QipMilestone
        fields = ("id", "what", "due_on", "done_on", "note")


class VoteSerializer(serializers.ModelSerializer[QipVote]):
    position = NamedSerializer(read_only=True)
    voter = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = QipVote
        fields = ("position", "choice", "reason", "voter", "voted_at")


class PaymentSerializer(serializers.ModelSerializer[QipPayment]):
    recorded_by = NamedSerializer(read_only=True)
    milestone = serializers.IntegerField(source="milestone_id", read_only=True, allow_null=True)

    class Meta:
        model = QipPayment
        fields = (
            "id",
            "paid_on",
            "amount",
            "voucher",
            "milestone",
            "note",
            "recorded_by",
            "recorded_at",
            "struck_at",
            "struck_reason",
        )


class PhotoSerializer(serializers.ModelSerializer[QipPhoto]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = QipPhoto
        fields = (
            "id",
            "caption",
            "classification",
            "content_type",
            "size",
            "width",
            "height",
            "added_at",
            "url",
        )

    def get_url(self, photo: QipPhoto) -> str:
        """Where the picture itself is fetched."""
        return reverse("api:qip-photo", args=[self.context["reference"], photo.pk])


class AnswerInput(serializers.Serializer[Any]):
    """One criterion, by its number."""

    criterion = RowField(queryset=QipCriterion.objects.filter(is_archived=False))
    is_met = serializers.BooleanField()
    evidence = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class LineInput(serializers.Serializer[Any]):
    what = serializers.CharField(max_length=200)
    amount = money()


class MilestoneInput(serializers.Serializer[Any]):
    what = serializers.CharField(max_length=200)
    due_on = serializers.DateField()


class QipWriting(SharingFields):
    """A whole proposal as it is written; `position` takes MGRS or degrees, amounts stand in `currency`."""

    title = serializers.CharField(max_length=200)
    need = serializers.CharField(max_length=8000)
    place = RowField(queryset=Place.objects.filter(is_archived=False), required=False, allow_null=True)
    location = serializers.CharField(max_length=160, required=False, allow_blank=True)
    position = serializers.CharField(max_length=80, required=False, allow_blank=True)
    partner = RowField(
        queryset=Organisation.objects.filter(is_archived=False), required=False, allow_null=True
    )
    beneficiaries = serializers.CharField(max_length=300, required=False, allow_blank=True)
    beneficiary_count = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MOST_PEOPLE
    )
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    answers = serializers.ListField(child=AnswerInput(), default=list, max_length=MOST_ROWS)
    lines = serializers.ListField(child=LineInput(), default=list, max_length=MOST_ROWS)
    milestones = serializers.ListField(child=MilestoneInput(), default=list, max_length=MOST_ROWS)

    def validate_position(self, text: str) -> GeoPosition | None:
        try:
            return parse_position(text) if text.strip() else None
        except PositionError as error:
            raise serializers.ValidationError(str(error)) from error

    def input(self) -> QipInput:
        """What was sent, for the services."""
        data = dict(self.validated_data)
        position = data.pop("position", None)
        return QipInput(
            sharing=sharing_of(data),
            answers=tuple(Answer(**row) for row in data.pop("answers")),
            lines=tuple(BudgetLine(**row) for row in data.pop("lines")),
            milestones=tuple(Milestone(**row) for row in data.pop("milestones")),
            latitude=position.lat if position else None,
            longitude=position.lon if position else None,
            **data,
        )


class NewQip(QipWriting):
    """A proposal for one of the caller's offices."""

    office = RowField(queryset=Office.objects.filter(closed_on__isnull=True))


class ChangedQip(QipWriting):
    """A proposal that replaces what stands there, on the version that was shown."""

    version = serializers.IntegerField(min_value=1)


class Vote(VerbSerializer):
    """`position` by number, needed where the caller can vote for several."""

    position = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)
    choice = serializers.ChoiceField(choices=VoteChoice.choices)
    reason = serializers.CharField(max_length=2000)


class Approval(VerbSerializer):
    """The whole budget where no amount is given."""

    amount = money(required=False, allow_null=True)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class _AsData(VerbSerializer):
    """What the service takes as one value."""

    def to_internal_value(self, data: Any) -> Any:
        value = dict(super().to_internal_value(data))
        return {"version": value.pop("version"), "data": self.one(value)}

    def one(self, value: dict[str, Any]) -> Any:
        raise NotImplementedError


class Payment(_AsData):
    paid_on = serializers.DateField()
    amount = money()
    voucher = serializers.CharField(max_length=60)
    milestone = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def one(self, value: dict[str, Any]) -> PaymentInput:
        return PaymentInput(**value)


class CompletionReport(_AsData):
    completed_on = serializers.DateField()
    result = serializers.CharField(max_length=8000)
    reached_count = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=MOST_PEOPLE
    )
    handed_to = serializers.CharField(max_length=200)
    lessons = serializers.CharField(max_length=4000, required=False, allow_blank=True)

    def one(self, value: dict[str, Any]) -> Completion:
        return Completion(**value)


class MilestoneReached(VerbSerializer):
    milestone = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    done_on = serializers.DateField()
    note = serializers.CharField(max_length=300)


class NewPhoto(VerbSerializer):
    """A photo with what it shows, sent as a form with a file; classified like the project or narrower."""

    file = serializers.FileField(allow_empty_file=True)
    caption = serializers.CharField(max_length=200)
    classification = serializers.ChoiceField(
        choices=Classification.choices, default=Classification.UNCLASSIFIED
    )


class PhotoStruck(VerbSerializer):
    photo = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    reason = serializers.CharField(max_length=300)


class PaymentStruck(VerbSerializer):
    payment = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    reason = serializers.CharField(max_length=300)
