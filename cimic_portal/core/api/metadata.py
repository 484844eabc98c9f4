"""What OPTIONS answers: the methods that an address takes. What is sent there, the schema says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.metadata import BaseMetadata

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class MethodsOnly(BaseMetadata):
    """Looks at no record: the framework's own would fetch one past the verbs that do."""

    def determine_metadata(self, request: Request, view: APIView) -> dict[str, Any]:
        return {"methods": view.allowed_methods}
