"""Rows for files: the same as for pages, with less work for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from cimic_portal.core.sharing.records import SharedRecord


def sharing_references(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows; where a join brought an office or an area for every row, each is read once a batch.

    A join makes an object for every row: in a long file most of the time went into offices that were
    the same. Links to shared records stay joins, for the rule stands in them; their keys are not read.
    """
    joins: Any = rows.query.select_related
    kept: list[str] = []
    moved: list[str] = []
    if isinstance(joins, dict):
        for path in _paths(joins):
            first = rows.model._meta.get_field(path.split("__")[0]).related_model
            (moved if getattr(first, "sharing", "") == "reference" else kept).append(path)
    rows = rows.defer(*_keys_of(rows.model, kept))
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


def _keys_of(model: type[Model], joins: Iterable[str]) -> Iterator[str]:
    """The columns of reader keys, of the rows themselves and of what is joined: long, and said nowhere."""
    if issubclass(model, SharedRecord):
        yield "reader_keys"
    for path in joins:
        first: Any = model._meta.get_field(path.split("__")[0]).related_model
        if issubclass(first, SharedRecord):
            yield f"{path.split('__')[0]}__reader_keys"
