"""The after-action review of an operation in the API: its texts and its findings."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.fields import NamedSerializer, ReasonSerializer, RowField, VerbSerializer
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Person, Position
from operations.api.parts import OfOperationViewSet
from operations.models import Finding, Operation, Review
from operations.services import review as services


class FindingShown(serializers.ModelSerializer[Finding]):
    owner = NamedSerializer(read_only=True, allow_null=True)
    author = NamedSerializer(read_only=True)

    class Meta:
        model = Finding
        fields = (
            "id",
            "version",
            "observation",
            "insight",
            "recommendation",
            "owner",
            "author",
            "entered_at",
            "withdrawn_reason",
        )


class ReviewShown(serializers.Serializer[Any]):
    """The four texts and what was found; `version` 0 before the first is written."""

    version = serializers.IntegerField()
    expected = serializers.CharField()
    happened = serializers.CharField()
    why = serializers.CharField()
    next_steps = serializers.CharField()
    changed_by = NamedSerializer(allow_null=True)
    changed_at = serializers.DateTimeField(allow_null=True)
    finished_by = NamedSerializer(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    findings = FindingShown(many=True)


def _text() -> serializers.CharField:
    return serializers.CharField(max_length=8000, allow_blank=True, required=False, default="")


class ReviewWriting(serializers.Serializer[Any]):
    """The texts whole, on the version that was read; 0 for the first."""

    version = serializers.IntegerField(min_value=0)
    expected = _text()
    happened = _text()
    why = _text()
    next_steps = _text()


class FindingWriting(serializers.Serializer[Any]):
    observation = serializers.CharField(max_length=4000)
    insight = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    recommendation = serializers.CharField(max_length=4000)
    owner = RowField(
        queryset=Position.objects.filter(is_archived=False).select_related("office"),
        required=False,
        allow_null=True,
    )


class ChangedFinding(FindingWriting, VerbSerializer):
    """A finding whole, on the version that was read."""


def _shown(person: Person, operation: Operation) -> Any:
    rows = Review.objects.visible_to(person).filter(operation=operation)
    review = rows.select_related("changed_by", "finished_by").first() or Review(operation=operation)
    texts = {str(name): getattr(review, str(name), None) for name in ReviewShown().fields}
    findings = Finding.objects.visible_to(person).filter(operation=operation)
    return ReviewShown({**texts, "findings": findings.select_related("owner__office", "author")}).data


class ReviewViewSet(OfOperationViewSet):
    """What was expected and what happened, and what others should learn from it."""

    serializer_class: Any = ReviewShown

    def _answer(self, operation: Operation) -> Response:
        log_read(self.person, "api review", [operation])
        return Response(_shown(self.person, operation))

    @extend_schema(responses=ReviewShown)
    @action(detail=False, methods=["get"], url_path="review")
    def review(self, request: Request, **_kwargs: Any) -> Response:
        """The review with its findings, withdrawn ones too."""
        return self._answer(self.operation())

    @extend_schema(request=ReviewWriting, responses=ReviewShown)
    @review.mapping.put
    def write_review(self, request: Request, **_kwargs: Any) -> Response:
        """Write the four texts; where somebody wrote meanwhile, 409."""
        operation, sent = self.operation(), dict(self.sent(ReviewWriting))
        version = sent.pop("version")
        services.write_review(operation, services.ReviewTexts(**sent), actor=self.person, version=version)
        return self._answer(operation)

    @extend_schema(request=FindingWriting, responses={201: FindingShown})
    @action(detail=False, methods=["post"], url_path="review/findings")
    def add_finding(self, request: Request, **_kwargs: Any) -> Response:
        """Enter a finding."""
        operation = self.operation()
        data = services.FindingInput(**self.sent(FindingWriting))
        made = services.add_finding(operation, data, actor=self.person)
        return Response(FindingShown(made).data, status=status.HTTP_201_CREATED)

    def _finding(self, number: str) -> Finding:
        rows = Finding.objects.visible_to(self.person).filter(operation=self.operation())
        return get_object_or_404(rows.select_related("operation__owner_office"), pk=int(number))

    @extend_schema(request=ChangedFinding, responses=FindingShown)
    @action(detail=False, methods=["put"], url_path="review/findings/(?P<finding>[0-9]{1,9})")
    def change_finding(self, request: Request, finding: str, **_kwargs: Any) -> Response:
        """Correct a finding, or name who follows it up."""
        row, sent = self._finding(finding), dict(self.sent(ChangedFinding))
        version = sent.pop("version")
        changed = services.change_finding(
            row, services.FindingInput(**sent), actor=self.person, version=version
        )
        return Response(FindingShown(changed).data)

    @extend_schema(request=ReasonSerializer, responses=FindingShown)
    @action(detail=False, methods=["post"], url_path="review/findings/(?P<finding>[0-9]{1,9})/withdraw")
    def withdraw_finding(self, request: Request, finding: str, **_kwargs: Any) -> Response:
        """Take a finding back, with the reason."""
        row = self._finding(finding)
        withdrawn = services.withdraw_finding(row, actor=self.person, **self.sent(ReasonSerializer))
        return Response(FindingShown(withdrawn).data)
