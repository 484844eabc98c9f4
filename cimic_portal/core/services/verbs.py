"""How a verb runs: one transaction, stamped for the trail, on the version that was shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from django.db import transaction

from cimic_portal.core.audit.context import stamp
from cimic_portal.core.audit.history import changes_since, part_changes_since
from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.sharing.records import Part, SharedRecord

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

R = TypeVar("R", bound=SharedRecord)
P = TypeVar("P", bound=Part)


@contextmanager
def verb(name: str, *, actor: Person | None, reason: str = "") -> Iterator[None]:
    """One verb, all or nothing. `name` is `noun.verb`, as history shows it; `reason` is kept with it.

    `actor` is None for what the portal does by itself (a sweep, an import at set-up).
    """
    with transaction.atomic():
        stamp(actor, name, reason=reason)
        yield


def lock(record: R, *, actor: Person, version: int) -> R:
    """The record as it stands now, locked until the transaction ends.

    Raises the model's DoesNotExist when the actor may no longer see it, and StaleError when it
    changed since `version` was shown.
    """
    rows = type(record)._default_manager.visible_to(actor)
    current = cast(R, rows.select_for_update(of=("self",)).get(pk=record.pk))
    if current.version != version:
        raise StaleError(changes_since(current, version, actor))
    return current


def save_changed(record: SharedRecord) -> None:
    """Save a record that a verb changed; the version moves on."""
    record.version += 1
    record.save()


def lock_part(part: P, *, actor: Person, version: int) -> P:
    """As `lock`, for a part that counts versions of its own: several people write beside each other."""
    rows = type(part)._default_manager.visible_to(actor)
    current = cast(P, rows.select_for_update(of=("self",)).get(pk=part.pk))
    if current.version != version:  # type: ignore[attr-defined]
        raise StaleError(part_changes_since(current, version, actor))
    return current


def save_changed_part(part: Part) -> None:
    """Save a part that a verb changed; its version moves on."""
    part.version += 1  # type: ignore[attr-defined]
    part.save()


def need_reason(reason: str, message: str) -> None:
    """Raise InvalidError with the message at the reason where none is given."""
    if not reason.strip():
        raise InvalidError({"reason": [message]})
