"""What belongs to the caller: who they are to the portal, and what they were told."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from cimic_portal.core.api.fields import NamedSerializer
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Notification, Person, Position
from cimic_portal.core.paging import Keyset, binding
from cimic_portal.core.services.notifications import lines, mark_read

CURSOR = "cursor"


class MeSerializer(serializers.ModelSerializer[Person]):
    """`positions` are held in person; `acts_for` adds those deputised for."""

    name = serializers.CharField(source="__str__", read_only=True)
    positions = NamedSerializer(many=True, read_only=True)
    acts_for = NamedSerializer(many=True, read_only=True)

    class Meta:
        model = Person
        fields = ("id", "name", "email", "component", "clearance", "positions", "acts_for")


class MeView(APIView):
    """Who the caller is to the portal: component, clearance and posts."""

    @extend_schema(responses=MeSerializer, operation_id="me")
    def get(self, request: Request) -> Response:
        person = cast(Any, request.user)
        posts = Position.objects.select_related("office").in_bulk(person.access.positions)
        person.positions = [posts[pk] for pk in sorted(person.access.held)]
        person.acts_for = [posts[pk] for pk in sorted(person.access.positions)]
        return Response(MeSerializer(person).data)


class NotificationSerializer(serializers.Serializer[Any]):
    """One line, in words composed from what the caller may see now."""

    id = serializers.IntegerField(source="notification.pk", read_only=True)
    kind = serializers.CharField(source="notification.kind", read_only=True)
    text = serializers.CharField(read_only=True)
    record = serializers.CharField(source="record.get_absolute_url", read_only=True)
    created_at = serializers.DateTimeField(source="notification.created_at", read_only=True)
    read_at = serializers.DateTimeField(source="notification.read_at", read_only=True, allow_null=True)


@extend_schema_serializer(many=False)
class NotificationPageSerializer(serializers.Serializer[Any]):
    """One page of them, with the ways to those beside it."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = NotificationSerializer(many=True)


class NotificationViewSet(GenericViewSet[Notification]):
    """The caller's own lines, newest first, as far as the records behind them are visible now."""

    serializer_class = NotificationSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> Any:
        rows = Notification.objects.visible_to(cast(Person, self.request.user))
        return rows.select_related("actor", "position__office")

    @extend_schema(responses=NotificationPageSerializer, parameters=[OpenApiParameter(CURSOR, str)])
    def list(self, request: Request) -> Response:
        person = cast(Person, request.user)
        keyset = Keyset(self.get_queryset(), ["-id"])
        own = binding(person.pk, "api notifications", [])
        page = keyset.page(keyset.unseal(request.query_params.get(CURSOR, ""), own))
        shown = lines(person, page.rows)
        log_read(person, "api notifications", [record for line in shown for record in line.records])
        address = request.build_absolute_uri(request.path)
        ways = {"next": keyset.seal(page.next, own), "previous": keyset.seal(page.previous, own)}
        found = {name: f"{address}?{CURSOR}={way}" if way else None for name, way in ways.items()}
        return Response({**found, "results": NotificationSerializer(shown, many=True).data})

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark one line as read."""
        mark_read(cast(Person, request.user), get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
