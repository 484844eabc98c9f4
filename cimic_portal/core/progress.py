"""How far long work is. Kept in the cache only: it is told while the work runs, outside its transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

_KEPT_SECONDS = 24 * 3600
# Often enough to be looked at, seldom enough to cost nothing.
_EVERY = 0.5


@dataclass(frozen=True)
class Steps:
    done: int
    total: int


def _key(pk: int) -> str:
    return f"document-progress:{pk}"


class Teller:
    """The `progress` of one document that is being made."""

    def __init__(self, pk: int) -> None:
        self._pk = pk
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < _EVERY and done < total:
            return
        self._told = now
        cache.set(_key(self._pk), (done, total), _KEPT_SECONDS)


def steps_of(pk: int) -> Steps | None:
    """How far the making of a document is; None when nothing was told yet."""
    told = cache.get(_key(pk))
    return Steps(*told) if told else None


def forget(pk: int) -> None:
    cache.delete(_key(pk))
