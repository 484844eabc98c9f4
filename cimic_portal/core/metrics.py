"""What Prometheus reads: how long requests took, and how the portal is. Numbers alone, and nobody's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cimic_portal.core.backups import backup_ages
from cimic_portal.core.health import health

# Where the processes of one web server add up what each of them counts; without it a process tells its own.
SHARED = "PROMETHEUS_MULTIPROC_DIR"

# Anybody may send any word as method; each new one would be kept for good.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUESTS = Histogram(
    "portal_request_seconds",
    "Seconds that requests took, by the pattern of their address.",
    ["method", "route", "status"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
_OUTBOX = {
    "waiting": "Entries of the outbox that wait; at most 10,000 are counted.",
    "dead": "Dead letters; at most 10,000 are counted.",
    "oldest_due_seconds": "For how long the oldest entry could have been taken up.",
}


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request under its pattern; an address itself may name somebody."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, status).observe(seconds)


def exposition() -> bytes:
    """All of it in the text form of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_State())
    if os.environ.get(SHARED):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_REQUESTS)
    return generate_latest(registry)


def _backup_ages() -> Iterator[Any]:
    """Nothing where no backup has said how it is; what stopped saying so grows old."""
    ages = GaugeMetricFamily(
        "portal_backup_age_seconds",
        "Since when changes of the database, files and the whole are kept.",
        labels=["part"],
    )
    for part, age in backup_ages().items():
        ages.add_metric([part], age.total_seconds())
    yield ages


class _State(Collector):
    """What `/healthz` tells."""

    def collect(self) -> Iterator[Any]:
        facts = health()
        parts = {name: part for name, part in facts.items() if name != "status"}
        up = GaugeMetricFamily("portal_up", "Whether a part of the portal is well.", labels=["part"])
        for name, part in parts.items():
            up.add_metric([name], part["status"] == "ok")
        yield up
        manned = GaugeMetricFamily("portal_queue_up", "Whether somebody works a queue.", labels=["queue"])
        for name, status in parts["worker"].get("queues", {}).items():
            manned.add_metric([name], status == "ok")
        yield manned
        yield from _backup_ages()
        for name, words in _OUTBOX.items():
            if name in parts["outbox"]:
                yield GaugeMetricFamily(f"portal_outbox_{name}", words, parts["outbox"][name])
