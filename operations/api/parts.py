"""What the routes under one operation stand on."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from cimic_portal.core.api.viewsets import CallerViewSet
from operations.models import Operation


class OfOperationViewSet(CallerViewSet):
    """What belongs to the operation of the address; who may not see that finds nothing."""

    def get_queryset(self) -> Any:
        return Operation.objects.visible_to(self.person)

    def operation(self) -> Operation:
        rows = self.get_queryset().select_related("owner_office", "author")
        found: Operation = get_object_or_404(rows, reference=self.kwargs["reference"])
        return found
