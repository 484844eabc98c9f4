"""What the API shows of the plan of an exercise, and what it takes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cimic_portal.core.api.fields import NamedSerializer, RowField, VerbSerializer
from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.levels import Component
from training.forms.exercise_inject import HIGHEST, LATEST_MINUTE, LOWEST, OPTIONS
from training.models import ExerciseObjective, ExerciseRole, ExerciseRun, ExerciseSeat, Side

_HIGHEST_NUMBER = 32767


@extend_schema_serializer(component_name="ExerciseObjectiveShown")
class ObjectiveShown(serializers.ModelSerializer[ExerciseObjective]):
    class Meta:
        model = ExerciseObjective
        fields = ("id", "number", "what", "component", "measure", "rating", "summary", "version")


class ObjectiveFields(serializers.Serializer[Any]):
    """What is to be shown, by which component (none: by all together), and how one sees it."""

    what = serializers.CharField(max_length=300)
    measure = serializers.CharField(max_length=1000)
    component = serializers.ChoiceField(choices=Component.choices, required=False, allow_null=True)


class ChangedObjective(ObjectiveFields, VerbSerializer):
    """All of it, on the version that was shown."""


class RoleShown(serializers.ModelSerializer[ExerciseRole]):
    class Meta:
        model = ExerciseRole
        fields = ("id", "title", "component", "side", "is_lead", "version")


class RoleFields(serializers.Serializer[Any]):
    """A part that somebody will play, or a place in control."""

    title = serializers.CharField(max_length=120)
    component = serializers.ChoiceField(choices=Component.choices)
    side = serializers.ChoiceField(choices=Side.choices, required=False, default=Side.PLAYER)
    is_lead = serializers.BooleanField(required=False, default=False)


class ChangedRole(RoleFields, VerbSerializer):
    """All of it, on the version that was shown."""


class RunShown(serializers.ModelSerializer[ExerciseRun]):
    class Meta:
        model = ExerciseRun
        fields = ("id", "number", "team", "state", "started_at", "ended_at", "paused_seconds", "version")


class RunFields(serializers.Serializer[Any]):
    """A team that goes through the exercise."""

    team = serializers.CharField(max_length=80)


class ChangedRun(RunFields, VerbSerializer):
    """All of it, on the version that was shown."""


class SeatShown(serializers.ModelSerializer[ExerciseSeat]):
    """Who plays a role; `run` is the number of the run, none for control and observers."""

    run = serializers.IntegerField(source="run.number", read_only=True, default=None, allow_null=True)
    role = NamedSerializer(read_only=True)
    position = NamedSerializer(read_only=True, allow_null=True)
    person = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ExerciseSeat
        fields = ("run", "role", "position", "person")


class SeatFields(serializers.Serializer[Any]):
    """Who plays a role: a position, a person or both; nobody where both are left out."""

    role = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    run = serializers.IntegerField(
        min_value=1, max_value=_HIGHEST_NUMBER, required=False, allow_null=True, default=None
    )
    position = RowField(
        queryset=Position.objects.filter(is_archived=False, office__closed_on__isnull=True),
        required=False,
        allow_null=True,
        default=None,
    )
    person = RowField(
        queryset=Person.objects.filter(is_active=True), required=False, allow_null=True, default=None
    )


class InjectShown(serializers.Serializer[Any]):
    """An inject of the MSEL; what is expected, and what follows from an option, only control reads."""

    id = serializers.IntegerField(source="inject.pk", read_only=True)
    number = serializers.IntegerField(source="inject.number", read_only=True)
    title = serializers.CharField(source="inject.title", read_only=True)
    text = serializers.CharField(source="inject.text", read_only=True)
    roles = NamedSerializer(many=True, read_only=True)
    at_minute = serializers.IntegerField(source="inject.at_minute", read_only=True, allow_null=True)
    objective = serializers.IntegerField(
        source="inject.objective.number", read_only=True, default=None, allow_null=True
    )
    options = serializers.ListField(source="inject.options", child=serializers.CharField(), read_only=True)
    expected = serializers.CharField(
        source="expectation.expected", read_only=True, default=None, allow_null=True
    )
    effects = serializers.ListField(
        source="expectation.effects",
        child=serializers.CharField(),
        read_only=True,
        default=None,
        allow_null=True,
    )
    scores = serializers.ListField(
        source="expectation.scores",
        child=serializers.ListField(child=serializers.IntegerField()),
        read_only=True,
        default=None,
        allow_null=True,
    )
    version = serializers.IntegerField(source="inject.version", read_only=True)


class InjectFields(serializers.Serializer[Any]):
    """An inject: `roles` by their ids, `objective` by its number. Without a minute control delivers it.

    Beside each of the `options`: what follows from it, and a score for each dimension of the exercise.
    """

    title = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=4000)
    roles = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), max_length=100
    )
    at_minute = serializers.IntegerField(
        min_value=0, max_value=LATEST_MINUTE, required=False, allow_null=True
    )
    objective = serializers.IntegerField(
        min_value=1, max_value=_HIGHEST_NUMBER, required=False, allow_null=True, default=None
    )
    expected = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    options = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=OPTIONS, required=False, default=list
    )
    effects = serializers.ListField(
        child=serializers.CharField(max_length=1000, allow_blank=True),
        max_length=OPTIONS,
        required=False,
        default=list,
    )
    scores = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=LOWEST, max_value=HIGHEST)),
        max_length=OPTIONS,
        required=False,
        default=list,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        options = len(attrs["options"])
        told = {
            name: [_("There are more of them than options.")]
            for name in ("effects", "scores")
            if len(attrs[name]) > options
        }
        if told:
            raise serializers.ValidationError(told)
        attrs["effects"] += [""] * (options - len(attrs["effects"]))
        return attrs


class ChangedInject(InjectFields, VerbSerializer):
    """All of it, on the version that was shown."""
