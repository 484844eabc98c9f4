"""The plan as the API shows it: one revision whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from cimic_portal.core.api.fields import NamedSerializer
from operations.models import ChecklistItem, DecisionPoint, Objective, PlanRevision, PlanSection, Risk
from operations.reports.plan_book import (
    Comparison,
    comparison_of,
    decisions_of,
    objectives_of,
    risks_of,
    sections_of,
    writers_of,
)


class RevisionShown(serializers.ModelSerializer[PlanRevision]):
    """Which revision this is; `is_writable`: it is being written now."""

    author = NamedSerializer(read_only=True)
    decided_by = NamedSerializer(read_only=True, allow_null=True)
    name = serializers.CharField(source="__str__", read_only=True)
    is_writable = serializers.BooleanField(read_only=True)

    class Meta:
        model = PlanRevision
        fields = (
            "number",
            "name",
            "state",
            "is_writable",
            "is_frago",
            "frago_number",
            "title",
            "reason",
            "author",
            "created_at",
            "published_at",
            "decided_by",
            "decided_at",
            "version",
        )


class SectionShown(serializers.ModelSerializer[PlanSection]):
    """One paragraph; `writer` is the position that was asked to write it."""

    changed_by = NamedSerializer(read_only=True, allow_null=True)
    writer = serializers.SerializerMethodField()

    class Meta:
        model = PlanSection
        fields = ("kind", "text", "version", "writer", "changed_by", "changed_at")

    def get_writer(self, section: PlanSection) -> dict[str, Any] | None:
        found = self.context.get("writers", {}).get(section.kind)
        return {"id": found.position_id, "name": str(found.position)} if found else None


ROW_FIELDS = ("key", "order", "version")


class ObjectiveShown(serializers.ModelSerializer[Objective]):
    mandate_task = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Objective
        fields = (*ROW_FIELDS, "text", "measure", "baseline", "target", "mandate_task")


class RiskShown(serializers.ModelSerializer[Risk]):
    """Levels follow from likelihood × impact."""

    owner = NamedSerializer(read_only=True, allow_null=True)
    level = serializers.CharField(read_only=True)
    residual_level = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Risk
        fields = (
            *ROW_FIELDS,
            "text",
            "civilians",
            "likelihood",
            "impact",
            "level",
            "mitigation",
            "owner",
            "residual_likelihood",
            "residual_impact",
            "residual_level",
        )


class DecisionShown(serializers.ModelSerializer[DecisionPoint]):
    decider = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = DecisionPoint
        fields = (*ROW_FIELDS, "title", "condition", "decider", "due_at", "follows")


class CriterionShown(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    name = serializers.CharField()
    weight = serializers.IntegerField()


@extend_schema_serializer(component_name="CourseOfActionShown")
class CourseShown(serializers.Serializer[Any]):
    """`scores` stand in the order of the criteria; `total`: scores × weights."""

    key = serializers.UUIDField(source="course.key")
    version = serializers.IntegerField(source="course.version")
    name = serializers.CharField(source="course.name")
    description = serializers.CharField(source="course.description")
    scores = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    total = serializers.IntegerField()
    complete = serializers.BooleanField()
    best = serializers.BooleanField()
    is_chosen = serializers.BooleanField(source="course.is_chosen")
    chosen_reason = serializers.CharField(source="course.chosen_reason")


class ComparisonShown(serializers.Serializer[Comparison]):
    """Courses of action against weighted criteria. `version` is sent back with a change."""

    version = serializers.CharField()
    highest = serializers.IntegerField()
    criteria = CriterionShown(many=True)
    courses = CourseShown(many=True)


class StepShown(serializers.ModelSerializer[ChecklistItem]):
    """A step of a checklist; `not_applicable`: why it does not apply."""

    procedure = NamedSerializer(read_only=True)
    done_by = NamedSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ChecklistItem
        fields = ("id", "procedure", "text", "done_at", "done_by", "not_applicable", "version")


class PlanShown(serializers.Serializer[Any]):
    """One revision of a plan with everything in it that is written."""

    revision = RevisionShown()
    sections = SectionShown(many=True)
    objectives = ObjectiveShown(many=True)
    risks = RiskShown(many=True)
    decisions = DecisionShown(many=True)
    comparison = ComparisonShown()
    checklists = StepShown(many=True)


def shown_plan(person: Any, revision: PlanRevision) -> dict[str, Any]:
    """The whole of it, as far as the person may read it."""
    steps = ChecklistItem.objects.visible_to(person).filter(operation=revision.operation_id)
    whole = {
        "revision": revision,
        "sections": sections_of(person, revision),
        "objectives": objectives_of(person, revision),
        "risks": risks_of(person, revision),
        "decisions": decisions_of(person, revision),
        "comparison": comparison_of(person, revision),
        "checklists": steps.select_related("procedure", "done_by"),
    }
    shown = PlanShown(whole, context={"writers": writers_of(person, revision)})
    return dict(shown.data)
