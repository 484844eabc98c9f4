"""How the portal runs, in figures for administrators: cheap to ask, and nothing of any record."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from cimic_portal.core.models import BrokenGlass, OutboxEntry, OutboxState, Person, Proposal, ProposalState

_TABLES = 8
# Files are counted for so long; then it says "more than".
_PATIENCE_SECONDS = 1.0
_SIZES = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 2 DESC LIMIT %s
"""


@dataclass(frozen=True)
class Waiting:
    """Entries of one kind and queue, and when the oldest was made."""

    queue: str
    kind: str
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Storage:
    """In bytes. `all_counted`: whether the files were counted to the end."""

    database: int
    tables: list[tuple[str, int]]
    files: int
    all_counted: bool
    free: int
    disk: int


def outbox_in(state: OutboxState) -> list[Waiting]:
    """What waits, or what was given up, by queue and kind. Of what is done there are too many to count."""
    rows = OutboxEntry.objects.filter(state=state).order_by("queue", "kind").values("queue", "kind")
    return [Waiting(**row) for row in rows.annotate(count=Count("pk"), oldest=Min("created_at"))]


def storage() -> Storage:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (database,) = cursor.fetchone()
        cursor.execute(_SIZES, [_TABLES])
        tables = cursor.fetchall()
    files, all_counted = _size_of(Path(settings.MEDIA_ROOT))
    disk = shutil.disk_usage(_standing(Path(settings.MEDIA_ROOT)))
    return Storage(database, tables, files, all_counted, disk.free, disk.total)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: the first file makes it."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _size_of(folder: Path) -> tuple[int, bool]:
    until, size = time.monotonic() + _PATIENCE_SECONDS, 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - many files
            except OSError:
                continue
        if time.monotonic() > until:
            return size, False
    return size, True


def counts() -> dict[str, int]:
    """Who is here, and what administrators have to look at."""
    now = timezone.now()
    running = Session.objects.filter(expire_date__gt=now).values("session_key")
    return {
        "sessions": UserSession.objects.filter(session_key__in=running).count(),
        "people": Person.objects.filter(is_active=True).count(),
        "administrators": Person.objects.filter(is_active=True, is_staff=True).count(),
        "proposals": Proposal.objects.filter(state=ProposalState.WAITING).count(),
        "glasses": BrokenGlass.objects.filter(until__gt=now).count(),
    }
