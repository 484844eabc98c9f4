"""Lists in the API: the filters, orders, pages and counts of the portal's own lists."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.counting import Count
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.listing import Listing, OneOfFilter, Selection, TickFilter
from cimic_portal.core.listing.filters import Reader
from cimic_portal.core.listing.selection import CURSOR, SORT
from cimic_portal.core.models import Person
from cimic_portal.core.paging import MOST_ON_A_PAGE, PAGE_SIZE, Page

LIMIT = "limit"


class ListingBackend(BaseFilterBackend):
    """Filters by the `listing` of the view, for the person who asks.

    Raises InvalidError for a value that cannot be read and for a parameter that the list does not
    have, naming each.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        person = cast(Person, request.user)
        chosen = Selection(
            view.listing,
            person,
            self.asked(request, view),
            also=(LIMIT,),
            reader=Reader(person, by_form=False),
            joins=getattr(view, "joins", ()),
        )
        if chosen.problems:
            raise InvalidError({name or "query": lines for name, lines in chosen.problems.items()})
        view.selection = chosen
        return chosen.rows

    def asked(self, request: Request, view: Any) -> Any:
        """The parameters that count: those of the address."""
        return request.query_params

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The filters and orders as OpenAPI parameters."""
        listing: Listing = view.listing
        orders = [f"{sign}{name}" for name in listing.sorts for sign in ("", "-")]
        order = _parameter(SORT, {"type": "string", "enum": orders, "default": listing.default_sort}, "Order")
        return [*(_filter(name, one) for name, one in listing.filters.base_filters.items()), order]


def _parameter(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": words}


def _filter(name: str, one: django_filters.Filter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if isinstance(one, OneOfFilter):
        values = [str(value) for value, _label in one.extra["choices"]]
        schema = {"type": "array", "items": {"type": "string", "enum": values}}
    elif isinstance(one, TickFilter):
        schema = {"type": "string", "enum": ["1", "0"]}
    return _parameter(name, schema, str(one.label))


class KeysetPagination(BasePagination):
    """Pages by cursor, with a count that is exact up to 10,000. Needs `ListingBackend` on the view.

    `?limit=` from 1 to 200, 50 by default. A cursor belongs to one person and one query; another
    one is answered with CursorError (400).
    """

    page: Page[Any]
    count: Count
    cursors: tuple[str, str]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        chosen: Selection = view.selection
        self.request = request
        self.count, _others = chosen.counts()
        self.page = chosen.page(self.count, size=_limit(request))
        self.cursors = chosen.cursors(self.page)
        log_read(chosen.person, f"api {chosen.listing.name}", chosen.records_in(self.page.rows))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        previous, following = self.cursors
        return Response(
            {
                "count": self.count.number,
                "count_is_capped": self.count.capped,
                "next": self._at(following),
                "previous": self._at(previous),
                "results": data,
            }
        )

    def _at(self, cursor: str) -> str | None:
        address = self.request.build_absolute_uri()
        return replace_query_param(remove_query_param(address, CURSOR), CURSOR, cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope of a list, for the OpenAPI schema."""
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "count_is_capped", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "description": "How many match: exact, or 10000 when count_is_capped.",
                },
                "count_is_capped": {"type": "boolean", "description": "More match than count says."},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE, "default": PAGE_SIZE}
        return [
            _parameter(LIMIT, limit, "Rows on a page"),
            _parameter(CURSOR, {"type": "string"}, "Taken from next or previous of an answer"),
        ]


def _limit(request: Request) -> int:
    given = request.query_params.get(LIMIT, "")
    if not given:
        return PAGE_SIZE
    if given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MOST_ON_A_PAGE:
        return int(given)
    raise InvalidError({LIMIT: [_("Give a whole number from 1 to %(most)s.") % {"most": MOST_ON_A_PAGE}]})
