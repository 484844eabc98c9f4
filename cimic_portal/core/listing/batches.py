"""Rows for files: the same as for pages, with less work for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet


def sharing_references(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows; where a join brought an office or an area for every row, each is read once a batch.

    A join makes an object for every row: in a long file most of the time went into offices that were
    the same. Links to shared records stay joins, for the rule stands in them.
    """
    joins: Any = rows.query.select_related
    kept: list[str] = []
    moved: list[str] = []
    if isinstance(joins, dict):
        for path in _paths(joins):
            first = rows.model._meta.get_field(path.split("__")[0]).related_model
            (moved if getattr(first, "sharing", "") == "reference" else kept).append(path)
    for prefetch in rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        if isinstance(prefetch, Prefetch) and prefetch.queryset is not None:
            prefetch.queryset = sharing_references(prefetch.queryset)
    if not moved:
        return rows
    return rows.select_related(None).select_related(*kept).prefetch_related(*moved)


def _paths(joins: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The ends of the joins: `{"post": {"office": {}}}` is `post__office`."""
    for name, further in joins.items():
        if further:
            yield from _paths(further, f"{before}{name}__")
        else:
            yield f"{before}{name}"
