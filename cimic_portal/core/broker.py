"""The hint to the workers that something waits. The outbox is the truth; a hint may be lost.

A page that has committed must neither fail nor wait because the broker is away: a send is given up
after about a second, and then none is tried for a while. The sweep delivers what was not hinted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from celery import current_app
from django.conf import settings
from kombu import Connection, pools
from kombu.exceptions import ChannelError

logger = logging.getLogger(__name__)

DELIVER = "cimic_portal.core.tasks.deliver"
_PATIENCE = 1.0
_REST_SECONDS = 10.0
# A queue this long needs no further hints from the sweep, or it would grow for as long as no worker runs.
_ENOUGH = 2000


class _Rest:
    """When the broker may be asked again, by the monotonic clock; for all threads of the process."""

    until: float = 0.0


@lru_cache(maxsize=1)
def _connection() -> Connection:
    """A connection for sending only: it gives up at once, where a worker's waits."""
    impatient = {
        "socket_timeout": _PATIENCE,
        "socket_connect_timeout": _PATIENCE,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "connect_retries_timeout": _PATIENCE,
    }
    return current_app.connection_for_write(transport_options=impatient, connect_timeout=_PATIENCE)


def hint(waiting: Iterable[tuple[int, str]]) -> bool:
    """Tell the workers of these entries (id, queue). Returns whether the broker took all of them."""
    if time.monotonic() < _Rest.until:
        return False
    try:
        with pools.producers[_connection()].acquire(block=True, timeout=_PATIENCE) as producer:
            for pk, queue in waiting:
                _send(producer, pk, queue)
    except Exception as error:
        _Rest.until = time.monotonic() + _REST_SECONDS
        logger.warning("The broker took no hint (%s); the sweep delivers.", type(error).__name__)
        return False
    return True


def _send(producer: Any, pk: int, queue: str) -> None:
    limit: int = settings.OUTBOX_TIME_LIMITS[queue]
    current_app.send_task(
        DELIVER,
        args=[pk],
        queue=queue,
        producer=producer,
        retry=False,
        ignore_result=True,
        soft_time_limit=limit,
        # The hard limit ends the process, for work that does not hear the soft one.
        time_limit=limit + 30,
    )


def wants_more(queue: str) -> bool:
    """Whether the queue is short enough for the sweep to hint again. False when the broker is away."""
    if time.monotonic() < _Rest.until:
        return False
    try:
        with pools.producers[_connection()].acquire(block=True, timeout=_PATIENCE) as producer:
            found = producer.channel.queue_declare(queue=queue, passive=True)
    except ChannelError:
        # An empty queue does not exist on this broker.
        return True
    except Exception as error:
        _Rest.until = time.monotonic() + _REST_SECONDS
        logger.warning("The broker does not answer (%s).", type(error).__name__)
        return False
    return bool(found.message_count < _ENOUGH)


def answers() -> bool:
    """Whether the broker answers now, within about a second."""
    try:
        with _connection().clone() as asked:
            # Opening a channel asks the server for a sign of life.
            asked.default_channel  # noqa: B018
    except Exception:
        return False
    return True
