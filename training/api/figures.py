"""Figures in the API: what the page of figures shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.viewsets import CallerViewSet
from cimic_portal.core.audit.reads import log_read
from training.figures.figure import Figure
from training.figures.register import FIGURES
from training.models import TrainingRecord

_KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, enum=[figure.key for figure in FIGURES])


class PointShown(serializers.Serializer[Any]):
    """One value over time, in per cent."""

    what = serializers.CharField(source="label")
    value = serializers.FloatField()


class BarShown(serializers.Serializer[Any]):
    """One count among others; `of`: out of how many, where it is a share."""

    what = serializers.CharField(source="label")
    count = serializers.IntegerField()
    of = serializers.IntegerField(allow_null=True)


class FigureShown(serializers.Serializer[Any]):
    """One figure for the caller, today. `answer`: empty where there is nothing to count."""

    key = serializers.CharField()
    question = serializers.CharField()
    definition = serializers.CharField()
    period = serializers.CharField()
    answer = serializers.CharField(allow_blank=True)
    points = PointShown(many=True)
    bars = BarShown(many=True)


class FigureViewSet(CallerViewSet):
    """Figures of training, computed from the records that the caller may read."""

    lookup_field = "key"
    lookup_value_regex = "[a-z]+"
    queryset: Any = TrainingRecord.objects.none()
    serializer_class = FigureShown

    @extend_schema(responses=FigureShown(many=True))
    def list(self, request: Request) -> Response:
        """Every figure."""
        return Response([self._reckoned(figure) for figure in FIGURES])

    @extend_schema(responses=FigureShown, parameters=[_KEY])
    def retrieve(self, request: Request, key: str) -> Response:
        """One figure."""
        found = next((figure for figure in FIGURES if figure.key == key), None)
        if found is None:
            raise Http404
        return Response(self._reckoned(found))

    def _reckoned(self, figure: Figure) -> Any:
        found = figure.reckon(self.person, timezone.localdate())
        log_read(self.person, "api figures", found.records)
        told = {name: getattr(figure, name) for name in ("key", "question", "definition")}
        told |= {name: getattr(found, name) for name in ("period", "answer", "points", "bars")}
        return FigureShown(told).data
