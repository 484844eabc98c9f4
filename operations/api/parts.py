"""What the routes under one operation stand on."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.viewsets import GenericViewSet

from cimic_portal.core.models import Person
from operations.models import Operation


class OfOperationViewSet(GenericViewSet[Operation]):
    """What belongs to the operation of the address; who may not see that finds nothing."""

    pagination_class = None
    filter_backends: list[Any] = []

    @property
    def person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person

    def get_queryset(self) -> Any:
        return Operation.objects.visible_to(self.person)

    def operation(self) -> Operation:
        rows = self.get_queryset().select_related("owner_office", "author")
        found: Operation = get_object_or_404(rows, reference=self.kwargs["reference"])
        return found

    def sent(self, takes: Any) -> Any:
        sent = takes(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return sent.validated_data
