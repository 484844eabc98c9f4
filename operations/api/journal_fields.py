"""What the journal shows and takes in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cimic_portal.core.api.fields import MomentField, NamedSerializer, RowField, VerbSerializer
from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import MAX_TEXT, GeoPosition, parse_position
from cimic_portal.core.models import Place
from operations.models import EntryKind, JournalEntry, ReachedDecision, TaskState
from operations.services.journal_inputs import EntryInput, ReportedProgress


class EntrySerializer(serializers.ModelSerializer[JournalEntry]):
    """An entry; `corrects` is the number of the one that it corrects."""

    author = NamedSerializer(read_only=True)
    position = NamedSerializer(read_only=True)
    place = NamedSerializer(read_only=True, allow_null=True)
    area = serializers.CharField(source="area.pcode", read_only=True, default=None, allow_null=True)
    corrects = serializers.IntegerField(
        source="corrects.number", read_only=True, default=None, allow_null=True
    )
    struck_by = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = JournalEntry
        fields = (
            "id",
            "number",
            "client_id",
            "happened_at",
            "entered_at",
            "kind",
            "text",
            "is_urgent",
            "author",
            "position",
            "place",
            "location",
            "latitude",
            "longitude",
            "area",
            "task_key",
            "task_title",
            "reported_state",
            "reported_percent",
            "decision_key",
            "corrects",
            "struck_at",
            "struck_by",
            "struck_reason",
        )


class ProgressOfTask(serializers.Serializer[Any]):
    """How far the task is; `version`: of its last report, 0 for the first."""

    state = serializers.ChoiceField(choices=TaskState.choices)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    version = serializers.IntegerField(min_value=0)


class EntryFields(serializers.Serializer[Any]):
    """An entry as it is sent; `position` takes MGRS or degrees, `task` and `decision` keys of the plan."""

    text = serializers.CharField(max_length=4000)
    kind = serializers.ChoiceField(choices=EntryKind.choices, default=EntryKind.REPORT)
    happened_at = MomentField(allow_null=True, default=None)
    place = RowField(queryset=Place.objects.filter(is_archived=False), allow_null=True, default=None)
    location = serializers.CharField(max_length=160, allow_blank=True, default="")
    position = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, default="")
    task = serializers.UUIDField(allow_null=True, default=None)
    progress = ProgressOfTask(allow_null=True, default=None)
    decision = serializers.UUIDField(allow_null=True, default=None)
    is_urgent = serializers.BooleanField(default=False)
    corrects = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True, default=None)
    client_id = serializers.UUIDField(allow_null=True, default=None)

    def validate_position(self, text: str) -> GeoPosition | None:
        if not text.strip():
            return None
        try:
            return parse_position(text)
        except PositionError as error:
            raise serializers.ValidationError(str(error)) from error

    @staticmethod
    def entry_of(sent: dict[str, Any]) -> EntryInput:
        """What was sent, for the services."""
        data = dict(sent)
        spot, progress = data.pop("position"), data.pop("progress")
        return EntryInput(
            latitude=spot.lat if spot else None,
            longitude=spot.lon if spot else None,
            progress=ReportedProgress(**progress) if progress else None,
            **data,
        )


class StrikeFields(serializers.Serializer[Any]):
    """Why an entry is struck."""

    reason = serializers.CharField(max_length=2000)


class ReachedSerializer(serializers.ModelSerializer[ReachedDecision]):
    """A decision point that is reached; `entry` is the number of the entry by which."""

    decider = NamedSerializer(read_only=True, allow_null=True)
    decided_by = NamedSerializer(read_only=True, allow_null=True)
    entry = serializers.IntegerField(source="entry.number", read_only=True)

    class Meta:
        model = ReachedDecision
        fields = (
            "id",
            "version",
            "decision_key",
            "title",
            "condition",
            "follows",
            "decider",
            "entry",
            "reached_at",
            "decision",
            "reason",
            "decided_by",
            "decided_at",
            "withdrawn_at",
        )


class DecideFields(VerbSerializer):
    """What follows, and why, on the version that was shown."""

    decision = serializers.CharField(max_length=2000)
    reason = serializers.CharField(max_length=2000)
