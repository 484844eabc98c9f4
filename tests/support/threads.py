"""Two people at once: each in a thread with a connection of their own, stopped where the test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from django.db import connection, connections

from tests.support.waiting import until

PATIENCE = 60


class Step:
    """A place in one thread where it waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached, self.go = threading.Event(), threading.Event()

    def here(self) -> None:
        self.reached.set()
        assert self.go.wait(PATIENCE), "nobody let this thread go on"

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE), "the thread did not come here"

    def release(self) -> None:
        self.go.set()


class AtOnce:
    """Runs functions in threads; each gets its own database connection, closed at its end."""

    def __enter__(self) -> AtOnce:
        self._pool = ThreadPoolExecutor(4)
        self.futures: list[Future[Any]] = []
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self._pool.shutdown(wait=True)

    def start(self, work: Callable[[], Any]) -> Future[Any]:
        def run() -> Any:
            try:
                return work()
            finally:
                connections.close_all()

        future = self._pool.submit(run)
        self.futures.append(future)
        return future

    def wait_until_one_is_blocked(self) -> None:
        """Until a connection of this database waits for a lock: the database itself says so."""

        def blocked() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE NOT granted AND datname = current_database()"
                )
                return bool(cursor.fetchone()[0])

        until(blocked, "a connection waits for a lock", PATIENCE)

    def outcomes(self) -> list[Any]:
        """What each returned, or the error it raised, in the order of their start."""
        return [future.exception(PATIENCE) or future.result(PATIENCE) for future in self.futures]
