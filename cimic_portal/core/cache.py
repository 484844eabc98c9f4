"""The cache on Valkey; while Valkey is down, each process counts for itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# How long a broken server is left alone, so that no page waits for it twice in a row.
REST_SECONDS: Final = 10.0


def _patient(name: str) -> Callable[..., Any]:
    """The cache operation `name`, on Valkey if it answers and in this process if not."""

    def operation(self: PatientCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= PatientCache.rest_until:
            try:
                return getattr(super(PatientCache, self), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                PatientCache.rest_until = time.monotonic() + REST_SECONDS
                logger.warning("Valkey does not answer (%s); this process counts for itself.", error)
        return getattr(self.own, name)(*args, **kwargs)

    return operation


class PatientCache(RedisCache):
    """Valkey, and the memory of this process while Valkey does not answer.

    Rate limits live here. Without the fallback a dead Valkey would turn every sign-in into a
    server error, and without counting sign-in would be unlimited. So each process limits by
    itself meanwhile, and a limit grows at most by the number of processes.
    """

    # For all threads of the process: when Valkey is asked again, by the monotonic clock.
    rest_until: float = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        # The options are those of the Valkey client.
        self.own = LocMemCache("portal", {**params, "OPTIONS": {}})

    add = _patient("add")
    get = _patient("get")
    set = _patient("set")
    touch = _patient("touch")
    delete = _patient("delete")
    incr = _patient("incr")
    has_key = _patient("has_key")
    get_many = _patient("get_many")
    set_many = _patient("set_many")
    delete_many = _patient("delete_many")
    clear = _patient("clear")
