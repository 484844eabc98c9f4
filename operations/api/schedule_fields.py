"""What phases and tasks show and take in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cimic_portal.core.api.fields import MomentField, NamedSerializer, RowField, VerbSerializer
from cimic_portal.core.models import Office, Organisation, Place
from operations.models import Objective, OperationTask, Phase, TaskProgress, TaskState
from operations.services.schedule_checks import MOST_TASKS


class PlanRowField(RowField):
    """A row of the revision that is written, by its number; others are not there."""

    def __init__(self, model: Any, **options: Any) -> None:
        self.model = model
        # DRF insists on one; which rows it holds is asked for each request.
        super().__init__(queryset=model.objects.none(), **options)

    def get_queryset(self) -> Any:
        rows = self.model.objects.visible_to(self.context["request"].user)
        return rows.filter(revision=self.context["revision"]).select_related("revision")


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    class Meta:
        model = Phase
        fields = ("id", "key", "version", "name", "intent", "starts_at", "ends_at", "order")


class ProgressSerializer(serializers.ModelSerializer[TaskProgress]):
    reported_by = NamedSerializer(read_only=True)

    class Meta:
        model = TaskProgress
        fields = ("version", "state", "percent", "note", "reported_by", "reported_at")


class ConflictSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(read_only=True)
    words = serializers.CharField(read_only=True)


class TaskSerializer(serializers.ModelSerializer[OperationTask]):
    """A task; `slack` in hours, `critical` where it has none on a path of two tasks or more."""

    office = NamedSerializer(read_only=True, allow_null=True)
    organisation = NamedSerializer(read_only=True, allow_null=True)
    place = NamedSerializer(read_only=True, allow_null=True)
    needs = serializers.SerializerMethodField()
    critical = serializers.SerializerMethodField()
    slack = serializers.SerializerMethodField()
    conflicts = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()

    class Meta:
        model = OperationTask
        fields = (
            "id",
            "key",
            "version",
            "title",
            "details",
            "phase",
            "objective",
            "office",
            "organisation",
            "place",
            "starts_at",
            "ends_at",
            "order",
            "needs",
            "critical",
            "slack",
            "conflicts",
            "progress",
        )

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_needs(self, task: OperationTask) -> list[int]:
        return sorted(self.context["plan"].needs.get(task.pk, ()))

    def get_critical(self, task: OperationTask) -> bool:
        return task.pk in self.context["plan"].on_path

    def get_slack(self, task: OperationTask) -> float | None:
        slack = self.context["plan"].slack_of(task)
        return None if slack is None else round(slack.total_seconds() / 3600, 2)

    @extend_schema_field(ConflictSerializer(many=True))
    def get_conflicts(self, task: OperationTask) -> Any:
        return ConflictSerializer(self.context["plan"].conflicts.get(task.pk, []), many=True).data

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, task: OperationTask) -> Any:
        row = self.context["plan"].progress.get(task.key)
        return ProgressSerializer(row).data if row else None


class PhaseFields(serializers.Serializer[Any]):
    """A phase as it is written."""

    name = serializers.CharField(max_length=120)
    starts_at = MomentField()
    ends_at = MomentField()
    intent = serializers.CharField(max_length=2000, allow_blank=True, default="")
    order = serializers.IntegerField(min_value=0, max_value=100_000, default=100)


class TaskFields(serializers.Serializer[Any]):
    """A task as it is written: `office` or `organisation` does it; `needs` are tasks by number."""

    title = serializers.CharField(max_length=200)
    starts_at = MomentField()
    ends_at = MomentField()
    details = serializers.CharField(max_length=4000, allow_blank=True, default="")
    phase = PlanRowField(Phase, allow_null=True, default=None)
    objective = PlanRowField(Objective, allow_null=True, default=None)
    office = RowField(queryset=Office.objects.all(), allow_null=True, default=None)
    organisation = RowField(queryset=Organisation.objects.all(), allow_null=True, default=None)
    place = RowField(queryset=Place.objects.filter(is_archived=False), allow_null=True, default=None)
    needs = serializers.ListField(child=PlanRowField(OperationTask), default=list, max_length=MOST_TASKS)
    order = serializers.IntegerField(min_value=0, max_value=100_000, default=100)

    def validate_needs(self, rows: list[OperationTask]) -> tuple[OperationTask, ...]:
        return tuple(dict.fromkeys(rows))


class ChangedPhaseFields(PhaseFields, VerbSerializer):
    """A phase that replaces what stands there, on the version that was shown."""


class ChangedTaskFields(TaskFields, VerbSerializer):
    """A task that replaces what stands there, on the version that was shown."""


class RemoveFields(VerbSerializer):
    """The version that was shown."""


class MoveFields(VerbSerializer):
    """Other times for a task."""

    starts_at = MomentField()
    ends_at = MomentField()


class NeedsFields(VerbSerializer):
    """The tasks that a task needs, by number; those not named are not needed any more."""

    needs = serializers.ListField(child=PlanRowField(OperationTask), max_length=MOST_TASKS)


class ProgressFields(serializers.Serializer[Any]):
    """How far a task is; `version`: of the last report, 0 for the first."""

    version = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField(choices=TaskState.choices)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class DaysFields(VerbSerializer):
    """By how many days; with a minus to move earlier."""

    days = serializers.IntegerField(min_value=-1000, max_value=1000)


class ShownTaskFields(VerbSerializer):
    """A task and the version that was shown."""

    task = PlanRowField(OperationTask)


class TaskOrderFields(serializers.Serializer[Any]):
    """Tasks in the order in which they shall stand."""

    tasks = serializers.ListField(child=ShownTaskFields(), max_length=MOST_TASKS, min_length=1)


class ManyDaysFields(TaskOrderFields):
    """Tasks that are moved together, and by how many days."""

    days = serializers.IntegerField(min_value=-1000, max_value=1000)
