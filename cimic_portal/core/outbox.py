"""Who does what the outbox holds: each app registers a handler for each of its kinds.

Handlers stand in an app's `tasks.py`, which only workers import; services never call them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimic_portal.core.errors import ProgrammingMistakeError

if TYPE_CHECKING:
    from cimic_portal.core.models import OutboxEntry

Work = Callable[["OutboxEntry"], None]


@dataclass(frozen=True)
class Handler:
    """What is done for one kind of entry.

    work: runs in one transaction with the mark that the entry is done, so what it writes happens
    exactly once. What it does outside the database can happen again after a crash.
    started: runs in the short transaction that claims the entry, before the work.
    given_up: runs when the entry becomes a dead letter; it gets the words for people, which are
    empty when there are none.
    tries: how many before it is given up; None: the setting OUTBOX_TRIES.
    snapshot: the work reads everything as it stood at one moment.
    """

    work: Work
    started: Work | None = None
    given_up: Callable[[OutboxEntry, str], None] | None = None
    tries: int | None = None
    snapshot: bool = False


_handlers: dict[str, Handler] = {}


def handles(
    kind: str,
    *,
    started: Work | None = None,
    given_up: Callable[[OutboxEntry, str], None] | None = None,
    tries: int | None = None,
    snapshot: bool = False,
) -> Callable[[Work], Work]:
    """Decorator: this function does the entries of `kind`. One kind has one handler."""

    def register(work: Work) -> Work:
        if kind in _handlers and _handlers[kind].work.__qualname__ != work.__qualname__:
            raise ProgrammingMistakeError(f"Two handlers for outbox entries of the kind {kind!r}.")
        _handlers[kind] = Handler(work, started, given_up, tries, snapshot)
        return work

    return register


def handler_of(kind: str) -> Handler | None:
    """The handler of a kind; None when no app of this worker knows it (yet)."""
    return _handlers.get(kind)
