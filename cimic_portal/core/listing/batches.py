"""Rows for files: the same as for pages, with less work for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from cimic_portal.core.sharing.records import SharedRecord


def in_batches(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """The same rows; where a join brought an office or an area for every row, each is read once a file.

    A join makes an object for every row: in a long file half of the time went into offices that were the
    same. Links to shared records stay joins, for the rule stands in them; their keys are not read.
    """
    known: _Known = defaultdict(dict)
    rows, links = _without_references(rows)
    inner: list[tuple[str, list[str]]] = []
    for prefetch in rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        if isinstance(prefetch, Prefetch) and prefetch.queryset is not None:
            prefetch.queryset, further = _without_references(prefetch.queryset)
            inner.append((prefetch.prefetch_to, further))
    found = rows.iterator(chunk_size=size)
    while batch := list(islice(found, size)):
        _attach(batch, links, known)
        for name, further in inner:
            _attach([part for row in batch for part in _parts(row, name)], further, known)
        yield batch


# Rows of reference data by model and number, for the length of a file.
_Known = defaultdict[Any, dict[Any, Any]]


def _without_references(rows: QuerySet[Any]) -> tuple[QuerySet[Any], list[str]]:
    """The rows without joins to reference data, and the paths that lead to it."""
    joins: Any = rows.query.select_related
    if not isinstance(joins, dict):
        return rows.defer(*_keys_of(rows.model, ())), []
    links = list(_paths(joins))
    kept = list(filter(None, (_shared_part(rows.model, path) for path in links)))
    rows = rows.select_related(None).defer(*_keys_of(rows.model, kept))
    return (rows.select_related(*kept) if kept else rows), links


def _paths(joins: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The ends of the joins: `{"post": {"office": {}}}` is `post__office`."""
    for name, further in joins.items():
        if further:
            yield from _paths(further, f"{before}{name}__")
        else:
            yield f"{before}{name}"


def _shared_part(model: Any, path: str) -> str:
    """How far a path leads through records that carry the rule, or parts of them."""
    steps: list[str] = []
    for step in path.split("__"):
        model = model._meta.get_field(step).related_model
        if getattr(model, "sharing", "") == "reference":
            break
        steps.append(step)
    return "__".join(steps)


def _keys_of(model: type[Model], joins: Iterable[str]) -> Iterator[str]:
    """The columns of reader keys, of the rows themselves and of what is joined: long, and said nowhere."""
    if issubclass(model, SharedRecord):
        yield "reader_keys"
    for path in joins:
        first: Any = model._meta.get_field(path.split("__")[0]).related_model
        if issubclass(first, SharedRecord):
            yield f"{path.split('__')[0]}__reader_keys"


def _parts(row: Any, name: str) -> Iterable[Any]:
    """What was prefetched for a row: several of them, or one or none."""
    found = getattr(row, name, None)
    if isinstance(found, Model):
        return (found,)
    if found is None or isinstance(found, list):
        return found or ()
    rows: Iterable[Any] = found.all()
    return rows


def _attach(rows: Sequence[Any], links: Iterable[str], known: _Known) -> None:
    """Give the rows what their links lead to, as a join would."""
    for path in links:
        reached = rows
        for step in path.split("__"):
            if not reached:
                break
            reached = _follow(reached, step, known)


def _follow(rows: Sequence[Any], step: str, known: _Known) -> list[Any]:
    """Where one link of these rows of one model leads; reference data is read and set."""
    field = type(rows[0])._meta.get_field(step)
    target: Any = field.related_model
    if getattr(target, "sharing", "") != "reference":
        return [end for row in rows if (end := getattr(row, step)) is not None]
    rows_there, column = known[target], field.attname
    wanted = {getattr(row, column) for row in rows}
    missing = wanted - rows_there.keys() - {None}
    rows_there.update(target._default_manager.in_bulk(missing) if missing else {})
    for row in rows:
        field.set_cached_value(row, rows_there.get(getattr(row, column)))
    return [rows_there[pk] for pk in wanted if pk in rows_there]
