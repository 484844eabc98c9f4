"""Which queues have a worker, and whether the stream runs: each says so every few seconds, in the cache."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

logger = logging.getLogger(__name__)

_EVERY = 5.0
# A worker that was killed is missed after this many seconds at the latest.
KEPT_SECONDS = 20
# The live stream is manned like a queue.
STREAM = "stream"


def _key(queue: str) -> str:
    return f"worker-pulse:{queue}"


class Pulse:
    """Of one worker process: the queues that it takes, and when it said so last."""

    def __init__(self) -> None:
        self.queues: tuple[str, ...] = ()
        self._last = 0.0

    def beat(self) -> None:
        """Called by the worker's own loop, so it stops when that hangs. Never raises."""
        if time.monotonic() - self._last < _EVERY:
            return
        self._last = time.monotonic()
        try:
            if settings.PULSE_PATH:
                Path(settings.PULSE_PATH).touch()
            cache.set_many(dict.fromkeys(map(_key, self.queues), 1), KEPT_SECONDS)
        except Exception as error:
            # The loop must go on: without it no work is done at all.
            logger.warning("The pulse was not taken (%s).", type(error).__name__)


def manned(queues: Iterable[str] | None = None) -> dict[str, bool]:
    """For each queue of the portal, whether a worker takes it."""
    wanted = tuple(settings.OUTBOX_QUEUES if queues is None else queues)
    found = cache.get_many([_key(queue) for queue in wanted])
    return {queue: _key(queue) in found for queue in wanted}
