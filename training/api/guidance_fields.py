"""What is sent and shown of guidance in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cimic_portal.core.api.fields import (
    SHARED_FIELDS,
    NamedSerializer,
    RecordField,
    RowField,
    SharedSerializer,
    VerbSerializer,
)
from cimic_portal.core.api.sharing import SharingFields
from cimic_portal.core.models import Office, Position
from cimic_portal.core.sharing.levels import Component
from training.forms.guidance import LONGEST_TEXT, MOST_ROWS
from training.models import (
    Guidance,
    GuidanceAcknowledgement,
    GuidanceComment,
    GuidanceKind,
    GuidanceVersion,
    LessonTheme,
    ReviewAnswer,
)
from training.models.guidance_review import STANDINGS
from training.services.guidance import MOST_DAYS, MOST_MONTHS, Concerned, GuidanceInput
from training.services.guidance_review import MOST_REVIEWERS

_POSITIONS = Position.objects.filter(is_archived=False).select_related("office")
_OFFICES = Office.objects.filter(closed_on__isnull=True)


class GuidanceSerializer(SharedSerializer):
    """The document as a whole; its texts stand under `versions/`."""

    kind = NamedSerializer(read_only=True)
    theme = NamedSerializer(read_only=True, allow_null=True)
    owner = NamedSerializer(read_only=True)
    approver = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Guidance
        fields = (
            *SHARED_FIELDS,
            "title",
            "number",
            "kind",
            "theme",
            "owner",
            "approver",
            "state",
            "state_reason",
            "in_force_number",
            "in_force_since",
            "review_months",
            "review_due_on",
            "reviewed_on",
            "acknowledge_days",
        )


class GuidanceVersionSerializer(serializers.ModelSerializer[GuidanceVersion]):
    """One version. `version` is what a verb on it carries, `number` what people call it by."""

    author = NamedSerializer(read_only=True)

    class Meta:
        model = GuidanceVersion
        fields = (
            "number",
            "text",
            "changes",
            "is_correction",
            "state",
            "author",
            "effective_on",
            "ended_on",
            "published_at",
            "version",
        )


class GuidanceCommentSerializer(serializers.ModelSerializer[GuidanceComment]):
    """`closed`: nobody had answered it when the version was decided on, at `closed_at`."""

    author = NamedSerializer(read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)
    state = serializers.ChoiceField(source="standing", choices=STANDINGS, read_only=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = GuidanceComment
        fields = (
            "id",
            "number",
            "place",
            "text",
            "author",
            "created_at",
            "state",
            "answer",
            "answered_at",
            "closed_at",
        )


class GuidanceAcknowledgementSerializer(serializers.ModelSerializer[GuidanceAcknowledgement]):
    guidance = serializers.CharField(source="version.guidance.reference", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)
    person = NamedSerializer(read_only=True)
    position = NamedSerializer(read_only=True)

    class Meta:
        model = GuidanceAcknowledgement
        fields = (
            "id",
            "guidance",
            "number",
            "person",
            "position",
            "asked_at",
            "due_on",
            "acknowledged_at",
            "words",
        )


class GuidanceFacts(serializers.Serializer[Any]):
    """What is true of all versions, and who must acknowledge: by components, offices and positions."""

    title = serializers.CharField(max_length=160)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    kind = RowField(queryset=GuidanceKind.objects.filter(is_archived=False))
    theme = RowField(queryset=LessonTheme.objects.filter(is_archived=False), required=False, allow_null=True)
    owner = RowField(queryset=_POSITIONS)
    approver = RowField(queryset=_POSITIONS)
    review_months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS, default=12)
    acknowledge_days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=14)
    concerned_components = serializers.ListField(
        child=serializers.ChoiceField(choices=Component.choices), default=list, max_length=len(Component)
    )
    concerned_offices = serializers.ListField(
        child=RowField(queryset=_OFFICES), default=list, max_length=MOST_ROWS
    )
    concerned_positions = serializers.ListField(
        child=RowField(queryset=_POSITIONS), default=list, max_length=MOST_ROWS
    )


def facts_in(data: dict[str, Any]) -> GuidanceInput:
    """Takes the facts out of `data`."""
    names = ("components", "offices", "positions")
    concerned = Concerned(*(tuple(data.pop(f"concerned_{name}")) for name in names))
    own = [str(name) for name in GuidanceFacts().get_fields() if name in data]
    return GuidanceInput(**{name: data.pop(name) for name in own}, concerned=concerned)


class NewGuidance(GuidanceFacts, SharingFields):
    """A document with its first text, for an office of the caller's."""

    office = RowField(queryset=_OFFICES)
    text = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


class ChangedGuidance(GuidanceFacts, VerbSerializer):
    """The facts anew."""


class WrittenVersion(VerbSerializer):
    """The text of the draft; of a newer one also what changed."""

    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    changes = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    is_correction = serializers.BooleanField(default=False)


class IntoReview(VerbSerializer):
    """Who is asked, by when."""

    due_on = serializers.DateField()
    reviewers = serializers.ListField(
        child=RowField(queryset=_POSITIONS), default=list, max_length=MOST_REVIEWERS
    )


class GivenAnswer(VerbSerializer):
    """A reviewer's answer; where they do not agree, with the reason."""

    answer = serializers.ChoiceField(
        choices=[pair for pair in ReviewAnswer.choices if pair[0] != ReviewAnswer.PENDING]
    )
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class Approval(VerbSerializer):
    """From which day it is in force; where a reviewer objects or is silent, with the reason."""

    effective_on = serializers.DateField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NewComment(serializers.Serializer[Any]):
    """What is to be said, and of which place: a heading, or a paragraph by its first 200 characters."""

    text = serializers.CharField(max_length=4000)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class CommentAnswer(serializers.Serializer[Any]):
    """Whether a comment is taken up; where it is not, why."""

    id = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    taken_up = serializers.BooleanField()
    answer = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class SignedWord(VerbSerializer):
    """That one has read the version in force."""

    have_read = serializers.BooleanField()


class Withdrawal(VerbSerializer):
    """Why, and what replaces it."""

    reason = serializers.CharField(max_length=2000)
    replaced_by = RecordField(Guidance, required=False, allow_null=True)
