"""Who does what: the stamp that the audit triggers copy into every event of a transaction."""

from __future__ import annotations

import json
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


@dataclass(frozen=True)
class Origin:
    """Where a change comes from: the request or task, and the address it came from."""

    request: str = ""
    address: str = ""
    surface: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - it is frozen


def set_origin(origin: Origin) -> None:
    _origin.set(origin)


def current_origin() -> Origin:
    return _origin.get()


def stamp(actor: Person | None, verb: str, *, reason: str = "") -> None:
    """Mark this transaction. Call inside `transaction.atomic`; it ends with the transaction.

    One `set_config` per transaction instead of a context manager around each statement: that one
    breaks `executemany` and statements with a literal percent sign.
    """
    origin = current_origin()
    metadata = {
        "actor": actor.pk if actor else None,
        "verb": verb,
        "reason": reason,
        "request": origin.request,
        "address": origin.address,
        "surface": origin.surface,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), json.dumps({name: value for name, value in metadata.items() if value})],
        )
