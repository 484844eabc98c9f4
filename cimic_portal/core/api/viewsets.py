"""What the nouns of the API stand on: a list, one record, and its verbs.

A noun declares its `Listing`, its serializer and its verbs:

    class TaskingViewSet(SharedViewSet):
        listing = tasking_list
        serializer_class = TaskingSerializer
        acknowledge = verb_route("acknowledge", services.acknowledge)
        decline = verb_route("decline", services.decline, ReasonSerializer)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from cimic_portal.core.api.fields import VerbSerializer
from cimic_portal.core.api.pagination import KeysetPagination, ListingBackend
from cimic_portal.core.api.parsers import JSONParser
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.listing import Listing
from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import SharedRecord


class CallerViewSet(GenericViewSet[Any]):
    """Who calls, and what they sent. Neither filtered nor in pages, unless it says so."""

    filter_backends: Any = []
    pagination_class: Any = None

    @property
    def person(self) -> Person:
        person = self.request.user
        assert isinstance(person, Person)
        return person

    @property
    def is_about_address(self) -> bool:
        """OPTIONS, or a method that is not answered: told alike, whatever record the address names."""
        return self.action in (None, "metadata")

    def sent(self, takes: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """What was sent, as this serializer takes it. Raises ValidationError."""
        sent = takes(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)


class ListedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, CallerViewSet):
    """Reading one noun: the list with the filters of its pages, and one row by `lookup_field`.

    Rows are those the caller may see; what is archived leaves the list and keeps its address.
    `joins`: links that the serializer shows and the list's columns do not.
    """

    listing: ClassVar[Listing]
    joins: ClassVar[tuple[str, ...]] = ()
    filter_backends = [ListingBackend]
    pagination_class = KeysetPagination
    lookup_value_regex = "[0-9]{1,9}"

    def get_queryset(self) -> Any:
        manager: Any = self.listing.model._default_manager
        if issubclass(self.listing.model, SharedRecord):
            return manager.visible_to(self.request.user)
        return manager.all()

    def get_object(self) -> Any:
        rows = self.listing.prepare(self.get_queryset(), self.person)
        if self.joins:
            rows = rows.select_related(*self.joins)
        return get_object_or_404(rows, **self._asked())

    def shown(self) -> Any:
        """The record on which a verb is done, if the caller may see it; without what only its page needs."""
        return get_object_or_404(self.get_queryset(), **self._asked())

    def _asked(self) -> dict[str, Any]:
        return {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}


class SharedViewSet(ListedViewSet):
    """A shared record: by its reference, each read of a confidential one in the trail."""

    joins: ClassVar[tuple[str, ...]] = ("owner_office", "author")
    lookup_field = "reference"
    lookup_value_regex = "[0-9A-Z]{10}"

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        log_read(self.person, f"api {self.listing.name}", self.listing.records_in(record))
        return Response(self.get_serializer(record).data)

    def answer(self, status_code: int = status.HTTP_200_OK) -> Response:
        """The record as it is now; nothing when the verb took it out of the caller's sight.

        With `Prefer: return=minimal` no more than the next verb needs. Source: RFC 7240, section 4.2.
        """
        if "return=minimal" in self.request.headers.get("Prefer", "").replace(" ", ""):
            return self._in_short(status_code)
        try:
            record = self.get_object()
        except Http404:
            return Response(status=status.HTTP_204_NO_CONTENT)
        log_read(self.person, f"api {self.listing.name}", self.listing.records_in(record))
        return Response(self.get_serializer(record).data, status=status_code)

    def _in_short(self, status_code: int) -> Response:
        rows = self.get_queryset().filter(**self._asked())
        found = rows.values(self.lookup_url_kwarg or self.lookup_field, "version").first()
        if found is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(found, status=status_code, headers={"Preference-Applied": "return=minimal"})


def verb_route(
    name: str,
    service: Callable[..., Any],
    takes: type[BaseSerializer[Any]] = VerbSerializer,
    *,
    explain: str = "",
    attribute: str = "",
    parsers: Sequence[type[BaseParser]] = (JSONParser,),
) -> Callable[..., Response]:
    """`POST …/{reference}/{name}/`: one verb, done by its service.

    `takes` says what is sent, with the version that was shown; the service gets it by keyword. The
    answer is the record as it is then. `attribute`: what the verb is called on the viewset, where
    its name cannot be one. `parsers`: others than for JSON, where a file is sent along.
    """

    def run(self: SharedViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        service(self.shown(), actor=self.person, **self.sent(takes))
        return self.answer()

    run.__name__ = attribute or name.replace("-", "_")
    # Callers of the API read what it does; what it raises is for those who read the code.
    run.__doc__ = explain or (service.__doc__ or "").partition("\n\n")[0].partition(" Raises ")[0]
    described = extend_schema(request=takes)(run)
    route: Callable[..., Response] = action(
        detail=True, methods=["post"], url_path=name, parser_classes=parsers
    )(described)
    return route
