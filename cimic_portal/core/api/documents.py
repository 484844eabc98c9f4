"""Documents in the API: reading one, and fetching its file."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from cimic_portal.core.api.fields import SHARED_FIELDS, SharedSerializer
from cimic_portal.core.api.viewsets import SharedViewSet
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.listings.document import document_list
from cimic_portal.core.models import Document
from cimic_portal.core.policies import may_fetch, require
from cimic_portal.core.services.documents import open_file


class DocumentSerializer(SharedSerializer):
    class Meta:
        model = Document
        fields = (*SHARED_FIELDS, "kind", "form", "title", "state", "made_at", "sha256", "size", "problem")


class DocumentViewSet(SharedViewSet):
    """Reports that the portal made."""

    listing = document_list
    serializer_class = DocumentSerializer

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, **_kwargs: Any) -> FileResponse:
        """The file, while every record that it was made from is visible to the caller."""
        record = self.get_object()
        require(may_fetch(self.person, record))
        content = open_file(record)
        log_read(self.person, "api document file", [record])
        return FileResponse(
            content,
            as_attachment=True,
            filename=f"{record.reference}.{record.form}",
            content_type="application/octet-stream",
        )
