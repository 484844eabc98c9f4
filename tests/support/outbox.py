"""Doing what waits in the outbox inside the transaction of a test, as a worker would."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_module, module_has_submodule

from cimic_portal.core.models import OutboxEntry, OutboxState
from cimic_portal.core.outbox import handler_of
from cimic_portal.core.services.notifications import TELL


def load_handlers() -> None:
    """Import every app's `tasks.py`, as a worker does at its start."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "tasks"):
            import_module(f"{config.name}.tasks")


def deliver_waiting(*kinds: str) -> int:
    """Do every waiting entry (of these kinds, if any are named) and what they leave in turn.

    Failures are raised. Returns how many entries were done.
    """
    load_handlers()
    count = 0
    while True:
        waiting = OutboxEntry.objects.filter(state=OutboxState.WAITING).order_by("pk")
        entry = (waiting.filter(kind__in=kinds) if kinds else waiting).first()
        if entry is None:
            return count
        _do(entry)
        count += 1


def _do(entry: OutboxEntry) -> None:
    handler = handler_of(entry.kind)
    assert handler is not None, f"Nobody handles {entry.kind}"
    if handler.started is not None:
        handler.started(entry)
    with transaction.atomic():
        handler.work(entry)
    OutboxEntry.objects.filter(pk=entry.pk).update(state=OutboxState.DONE, attempts=1)


def told(kind: str) -> dict[str, Any]:
    """What the newest piece of news of this kind says, and to whom; there must be one."""
    entries = OutboxEntry.objects.filter(kind=TELL, payload__kind=kind).order_by("-pk")
    newest = entries.first()
    assert newest is not None, f"nobody was told {kind}"
    payload: dict[str, Any] = newest.payload
    return payload
