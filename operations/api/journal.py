"""The journal of an operation in the API: read, entered and struck; decision points that are reached.

Under an operation: `/operations/{reference}/journal/` and `/reached/`. What is sent with a `client_id`
can be sent again: the same words answer 200, other words under the same id 409.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cimic_portal.core.api.pagination import KeysetPagination, ListingBackend
from cimic_portal.core.audit.reads import log_read
from operations.api.journal_fields import (
    DecideFields,
    EntryFields,
    EntrySerializer,
    ReachedSerializer,
    StrikeFields,
)
from operations.api.parts import OfOperationViewSet
from operations.listings.journal import OPERATION, journal_list
from operations.models import JournalEntry, ReachedDecision
from operations.reports.execution import reached_of
from operations.services.decisions import decide_point
from operations.services.journal import add_entry, strike_entry


class JournalBackend(ListingBackend):
    """The filters of the journal's list, within the operation of the address."""

    def asked(self, request: Request, view: Any) -> Any:
        query = request.query_params.copy()
        query[OPERATION] = view.kwargs["reference"]
        return query

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found = super().get_schema_operation_parameters(view)
        return [one for one in found if one["name"] not in (OPERATION, "mine")]


class OfJournalViewSet(OfOperationViewSet):
    """Rows of an operation that the caller may see; whoever may not finds nothing, whatever is sent."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.is_about_address:
            return
        self.found = self.operation()
        # A list that is paged logs what it shows.
        if not (self.pagination_class and self.action == "list"):
            log_read(self.person, "api journal", [self.found])


class JournalViewSet(OfJournalViewSet):
    """The entries, newest first. `id` is the number that live news carry; `number` is quoted by people."""

    listing = journal_list
    serializer_class: Any = EntrySerializer
    queryset: Any = JournalEntry.objects.none()
    filter_backends = [JournalBackend]
    pagination_class: Any = KeysetPagination

    def _entry(self) -> JournalEntry:
        rows = JournalEntry.objects.visible_to(self.person).of(self.found).named()
        entry: JournalEntry = get_object_or_404(rows, pk=self.kwargs["id"])
        entry.operation = self.found
        return entry

    def list(self, request: Request, **_kwargs: Any) -> Response:
        """The journal under the filters that are asked for."""
        rows = self.paginate_queryset(self.filter_queryset(self.queryset))
        return self.get_paginated_response(EntrySerializer(rows, many=True).data)

    def retrieve(self, request: Request, **_kwargs: Any) -> Response:
        """One entry."""
        return Response(EntrySerializer(self._entry()).data)

    @extend_schema(
        request=EntryFields,
        responses={
            201: EntrySerializer,
            200: OpenApiResponse(EntrySerializer, "The same was sent before; nothing was entered now."),
        },
    )
    def create(self, request: Request, **_kwargs: Any) -> Response:
        """Enter what happened. With a `client_id` it can be sent again without being entered twice."""
        entered = add_entry(self.found, EntryFields.entry_of(self.sent(EntryFields)), actor=self.person)
        self.kwargs["id"] = str(entered.entry.pk)
        code = status.HTTP_201_CREATED if entered.is_new else status.HTTP_200_OK
        return Response(EntrySerializer(self._entry()).data, status=code)

    @extend_schema(request=StrikeFields, responses=EntrySerializer)
    @action(detail=True, methods=["post"], url_path="strike", filter_backends=[], pagination_class=None)
    def strike(self, request: Request, **_kwargs: Any) -> Response:
        """Strike an entry through, with the reason; it stays readable."""
        entry = self._entry()
        strike_entry(entry, actor=self.person, **self.sent(StrikeFields))
        return Response(EntrySerializer(self._entry()).data)


class ReachedViewSet(OfJournalViewSet):
    """Decision points that are reached, and what was decided."""

    serializer_class: Any = ReachedSerializer
    queryset: Any = ReachedDecision.objects.none()

    def list(self, request: Request, **_kwargs: Any) -> Response:
        """All of the operation, in turn."""
        rows = reached_of(self.found, self.person)
        return Response(ReachedSerializer(rows, many=True).data)

    def _reached(self) -> ReachedDecision:
        wanted = int(self.kwargs["id"])
        found = next((row for row in reached_of(self.found, self.person) if row.pk == wanted), None)
        if found is None:
            raise Http404
        return found

    @extend_schema(request=DecideFields, responses=ReachedSerializer)
    @action(detail=True, methods=["post"], url_path="decide")
    def decide(self, request: Request, **_kwargs: Any) -> Response:
        """Record what was decided, and why."""
        decide_point(self._reached(), actor=self.person, **self.sent(DecideFields))
        return Response(ReachedSerializer(self._reached()).data)
