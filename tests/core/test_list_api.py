"""Lists in the API: one page after the other, with the filters of the page and their problems."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework import generics, serializers
from rest_framework.test import APIRequestFactory, force_authenticate

from cimic_portal.core.api.pagination import KeysetPagination, ListingBackend
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.listings.document import document_list
from cimic_portal.core.models import Document, ReadEntry
from cimic_portal.core.paging import CursorError
from cimic_portal.core.sharing.levels import Classification
from tests.factories.cast import Cast, make_cast
from tests.factories.core import DocumentFactory

pytestmark = pytest.mark.django_db


class Titles(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = ["title"]


class Documents(generics.ListAPIView[Document]):
    listing = document_list
    serializer_class = Titles
    filter_backends = [ListingBackend]
    pagination_class = KeysetPagination
    permission_classes = []
    throttle_classes = []
    queryset = Document.objects.unscoped("the backend starts anew from the reader").none()

    def handle_exception(self, exc: Exception) -> Any:
        raise exc


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _ask(person: Any, address: str) -> dict[str, Any]:
    request = APIRequestFactory().get(address, HTTP_HOST="localhost")
    force_authenticate(request, person)
    data: dict[str, Any] = Documents.as_view()(request).data
    return data


def _fill(cast: Cast, number: int) -> None:
    for place in range(number):
        DocumentFactory(owner_office=cast.team, author=cast.owner, title=f"Number {place}", state="ready")


def test_pages_follow_each_other_to_the_end_and_back(cast: Cast) -> None:
    _fill(cast, 7)
    DocumentFactory(owner_office=cast.team, author=cast.owner, state="failed")
    first = _ask(cast.owner, "/api/v1/documents/?state=ready&limit=3")
    assert (first["count"], first["count_is_capped"], first["previous"]) == (7, False, None)
    second = _ask(cast.owner, first["next"])
    third = _ask(cast.owner, second["next"])
    assert third["next"] is None
    titles = [row["title"] for page in (first, second, third) for row in page["results"]]
    assert titles == [f"Number {place}" for place in range(6, -1, -1)]
    assert _ask(cast.owner, third["previous"])["results"] == second["results"]


def test_another_reader_gets_their_own_rows_and_no_use_of_the_cursor(cast: Cast) -> None:
    _fill(cast, 3)
    following = _ask(cast.owner, "/api/v1/documents/?limit=2")["next"]
    assert _ask(cast.partner, "/api/v1/documents/")["count"] == 0
    with pytest.raises(CursorError):
        _ask(cast.colleague, following)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=²", "limit"),
        ("limit=" + "9" * 400, "limit"),
        ("state=nonsense", "state"),
        ("author__email=x", "query"),
        ("sort=password", "query"),
    ],
)
def test_what_cannot_be_read_is_named(cast: Cast, query: str, field: str) -> None:
    _fill(cast, 1)
    with pytest.raises(InvalidError) as told:
        _ask(cast.owner, f"/api/v1/documents/?{query}")
    assert list(told.value.fields) == [field]


def test_reads_above_unclassified_are_logged(cast: Cast) -> None:
    level = Classification.CONFIDENTIAL
    secret = DocumentFactory(owner_office=cast.team, author=cast.owner, classification=level)
    _ask(cast.owner, "/api/v1/documents/")
    entry = ReadEntry.objects.get(person=cast.owner)
    assert (entry.surface, entry.records) == ("api documents", [f"document:{secret.reference}"])


def test_the_schema_names_filters_orders_and_the_envelope() -> None:
    view = Documents()
    named = {one["name"]: one["schema"] for one in ListingBackend().get_schema_operation_parameters(view)}
    assert set(named) == {*document_list.filters.base_filters, "sort"}
    assert named["sort"] == {"type": "string", "enum": ["when", "-when"], "default": "-when"}
    assert "ready" in named["state"]["items"]["enum"]
    paging = KeysetPagination()
    assert [one["name"] for one in paging.get_schema_operation_parameters(view)] == ["limit", "cursor"]
    envelope = paging.get_paginated_response_schema({"type": "array"})
    assert set(envelope["required"]) == set(envelope["properties"])
