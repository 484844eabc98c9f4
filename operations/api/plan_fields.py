"""What the plan takes in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cimic_portal.core.api.fields import MomentField, RowField, VerbSerializer
from cimic_portal.core.models import Position
from operations.models import MandateTask, Procedure
from operations.services.checklists import DONE, NOT_APPLICABLE, OPEN
from operations.services.courses import MOST_COURSES, MOST_CRITERIA
from operations.services.plan_inputs import (
    ComparisonInput,
    CourseInput,
    CriterionInput,
    DecisionInput,
    ObjectiveInput,
    RiskInput,
)
from operations.services.plan_text import LONGEST_TEXT


class SectionWriting(VerbSerializer):
    """The text in simple Markdown. `revision`: the number of the one that was read, where not this one."""

    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(min_value=1, max_value=9999, required=False, allow_null=True)


def _post() -> RowField:
    rows = Position.objects.filter(is_archived=False).select_related("office")
    return RowField(queryset=rows, required=False, allow_null=True)


def _text(longest: int, *, needed: bool = False) -> serializers.CharField:
    if needed:
        return serializers.CharField(max_length=longest)
    return serializers.CharField(max_length=longest, allow_blank=True, required=False)


def _level(*, needed: bool = True) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=5, required=needed, allow_null=not needed)


class ObjectiveWriting(serializers.Serializer[Any]):
    text = _text(300, needed=True)
    measure = _text(300)
    baseline = _text(120)
    target = _text(120)
    mandate_task = RowField(
        queryset=MandateTask.objects.filter(is_archived=False), required=False, allow_null=True
    )

    row_input = ObjectiveInput


class RiskWriting(serializers.Serializer[Any]):
    """Likelihood and impact from 1 to 5."""

    text = _text(300, needed=True)
    civilians = _text(2000)
    likelihood = _level()
    impact = _level()
    mitigation = _text(2000)
    owner = _post()
    residual_likelihood = _level(needed=False)
    residual_impact = _level(needed=False)

    row_input = RiskInput


class DecisionWriting(serializers.Serializer[Any]):
    title = _text(200, needed=True)
    condition = _text(2000, needed=True)
    decider = _post()
    due_at = MomentField()
    follows = _text(2000)

    row_input = DecisionInput


class CriterionWriting(serializers.Serializer[Any]):
    """`key` of the one that stands; none: a new one."""

    key = serializers.UUIDField(required=False)
    name = _text(120, needed=True)
    weight = serializers.IntegerField(min_value=1, max_value=10)


class CourseWriting(serializers.Serializer[Any]):
    """`scores` from 1 to 5 in the order of the criteria; null: not scored."""

    key = serializers.UUIDField(required=False)
    name = _text(120, needed=True)
    description = _text(4000)
    scores = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=5, allow_null=True),
        default=list,
        max_length=MOST_CRITERIA,
    )


class ComparisonWriting(serializers.Serializer[Any]):
    """The whole comparison, on the version that was read; what is left out is removed."""

    version = serializers.CharField(max_length=64)
    criteria = serializers.ListField(child=CriterionWriting(), max_length=MOST_CRITERIA)
    courses = serializers.ListField(child=CourseWriting(), max_length=MOST_COURSES)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if any(len(course["scores"]) > len(attrs["criteria"]) for course in attrs["courses"]):
            raise serializers.ValidationError({"courses": [_("There are more scores than criteria.")]})
        return attrs

    def input(self) -> ComparisonInput:
        data = self.validated_data
        return ComparisonInput(
            courses=tuple(
                CourseInput(row["name"], row.get("description", ""), str(row.get("key", "")))
                for row in data["courses"]
            ),
            criteria=tuple(
                CriterionInput(row["name"], row["weight"], str(row.get("key", "")))
                for row in data["criteria"]
            ),
            scores={
                (place, other): score
                for place, course in enumerate(data["courses"])
                for other, score in enumerate(course["scores"])
                if score is not None
            },
        )


class Choosing(VerbSerializer):
    """Why this course and not another."""

    reason = serializers.CharField(max_length=2000)


class Taking(serializers.Serializer[Any]):
    """Whose steps are taken in."""

    procedure = RowField(queryset=Procedure.objects.filter(is_archived=False))


class Settling(VerbSerializer):
    """Whether a step is done, or why it does not apply."""

    state = serializers.ChoiceField(choices=[DONE, NOT_APPLICABLE, OPEN])
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
