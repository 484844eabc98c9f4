"""The papers of an order in the API: those that were made, and asking for one."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.documents import DocumentSerializer
from cimic_portal.core.api.fields import NamedSerializer, RowField
from cimic_portal.core.api.viewsets import CallerViewSet
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Document, Office
from operations.models import Operation
from operations.policies.papers import FRAGO, ORDER
from operations.reports.order_papers import Paper, papers_of
from operations.reports.plan_book import find_revision
from operations.services.order_papers import ask_for_paper


class PaperSerializer(serializers.Serializer[Paper]):
    """A document of an order. `standing` says whether it still holds; its file is that of the document."""

    document = DocumentSerializer(read_only=True)
    what = serializers.CharField(read_only=True)
    revision = serializers.IntegerField(source="revision.number", read_only=True)
    copy = serializers.SerializerMethodField()
    standing = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    made_by = NamedSerializer(source="document.author", read_only=True)

    @extend_schema_field(OpenApiTypes.INT)
    def get_copy(self, paper: Paper) -> int | None:
        number: int | None = paper.document.parameters.get("copy")
        return number


class NewPaper(serializers.Serializer[Document]):
    """Which paper: the whole order, or what a FRAGO changes; of the revision that counts, or another."""

    paper = serializers.ChoiceField(choices=[ORDER, FRAGO], default=ORDER)
    revision = serializers.IntegerField(required=False, min_value=1, max_value=9999)
    office = RowField(queryset=Office.objects.all())


class PaperViewSet(CallerViewSet):
    """The papers of an operation that the caller may see."""

    serializer_class = PaperSerializer
    queryset: Any = Document.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who may not see the operation finds nothing, whatever is sent."""
        super().initial(request, *args, **kwargs)
        if self.is_about_address:
            return
        rows = Operation.objects.visible_to(self.person).select_related("owner_office")
        self.operation = get_object_or_404(rows, reference=self.kwargs["reference"])

    def list(self, request: Request, **_kwargs: Any) -> Response:
        """The newest hundred, with whether they still hold."""
        papers = papers_of(self.person, self.operation)
        log_read(self.person, "api papers", [self.operation, *(paper.document for paper in papers)])
        shown: Any = PaperSerializer
        return Response(shown(papers, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=NewPaper, responses={201: DocumentSerializer})
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Have a paper made; a worker makes it, and the document tells how far it is."""
        sent = NewPaper(data=request.data)
        sent.is_valid(raise_exception=True)
        number = sent.validated_data.get("revision")
        revision = find_revision(self.person, self.operation, str(number or ""))
        if revision is None:
            raise Http404
        office = sent.validated_data["office"]
        document = ask_for_paper(revision, sent.validated_data["paper"], office=office, actor=self.person)
        log_read(self.person, "api papers", [self.operation])
        shown = DocumentSerializer(document, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)
