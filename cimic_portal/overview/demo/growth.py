"""The demo mission grown to ten years: engagements in bulk, with who was there and what was promised.

Each that is added follows one that stands there already and is settled, on another day. The database does it
set by set; reader keys and trail follow by their triggers, as for all that is written.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.utils import timezone

from cimic_portal.core.services.verbs import verb
from cimic_portal.overview.demo.records import reference
from liaison.models import Attendance, Commitment, Engagement

# (id, start)
Pattern = tuple[int, datetime]
GROWING = "demo.grow"
BATCH = 10_000
PATTERNS = 1_000
SPAN = timedelta(days=3650)
# The last month is the demo's own, with what is still open.
UNTIL = timedelta(days=30)

# What a copy does not take over, as SQL: `g` is the row to be made, `p` the one that it follows.
_WRITTEN = "coalesce(p.submitted_at, p.starts_at) - g.back"
_ENGAGEMENT = {
    "id": "g.id",
    "reference": "g.reference",
    "reader_keys": "'{}'",
    "version": "1",
    "created_at": _WRITTEN,
    "updated_at": _WRITTEN,
    **{name: f"p.{name} - g.back" for name in ("starts_at", "ends_at", "submitted_at", "published_at")},
}
_ATTENDANCE = {"engagement_id": "g.id"}
_COMMITMENT = {
    "engagement_id": "g.id",
    "due_on": "(p.due_on - g.back)::date",
    "settled_at": "p.settled_at - g.back",
}
_NEXT_IDS = """
    SELECT nextval(pg_get_serial_sequence('liaison_engagement', 'id')) FROM generate_series(1, %s)
"""
_GROWING = """
    unnest(%(ids)s::bigint[], %(followed)s::bigint[], %(backs)s::interval[], %(references)s::text[])
    AS g(id, followed, back, reference)
"""


def grow(engagements: int, say: Callable[[str], None]) -> int:
    """Add engagements until there are so many; how many were added.

    Each batch is a transaction of its own: what was added before an interruption stays.
    Raises ImproperlyConfigured where demo data may not exist.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("The demo mission does not exist under these settings.")
    there, patterns = _standing()
    missing = max(engagements - there, 0)
    # Seeded by what is there, so that growing in two steps repeats no reference.
    rng = random.Random(there)  # noqa: S311 - made-up data, not secrets
    ends = timezone.now() - UNTIL
    days = [ends - SPAN * (1 - number / missing) for number in range(missing)]
    for first in range(0, missing, BATCH):
        _add(rng, patterns, days[first : first + BATCH])
        say(f"{there + min(first + BATCH, missing):,} engagements")
    return missing


# What may be long past: no drafts, nothing that waits, no open promise.
_SETTLED = """
    SELECT e.id, e.starts_at FROM liaison_engagement e
    WHERE e.state IN ('released', 'not_held') AND NOT EXISTS (
        SELECT 1 FROM liaison_commitment c WHERE c.engagement_id = e.id AND c.state = 'open')
    ORDER BY e.id LIMIT %s
"""


def _standing() -> tuple[int, list[Pattern]]:
    """How many engagements there are, and which may be followed."""
    with connection.cursor() as query:
        query.execute("SELECT count(*) FROM liaison_engagement")
        (there,) = query.fetchone()
        query.execute(_SETTLED, [PATTERNS])
        return there, query.fetchall()


def _add(rng: random.Random, patterns: Sequence[Pattern], days: Sequence[datetime]) -> None:
    chosen = rng.choices(patterns, k=len(days))
    with verb(GROWING, actor=None), connection.cursor() as query:
        query.execute(_NEXT_IDS, [len(days)])
        rows = {
            "ids": [pk for (pk,) in query.fetchall()],
            "followed": [pk for pk, _start in chosen],
            # Whole days, so that each keeps its hour.
            "backs": [
                timedelta(days=(start - day).days) for (_pk, start), day in zip(chosen, days, strict=True)
            ],
            "references": [reference(rng) for _day in days],
        }
        # Who was there comes first, so that the keys of each engagement are reckoned once.
        for model, link, own in (
            (Attendance, "engagement_id", _ATTENDANCE),
            (Engagement, "id", _ENGAGEMENT),
            (Commitment, "engagement_id", _COMMITMENT),
        ):
            query.execute(_copy(model, link, own), rows)


def _copy(model: type[models.Model], link: str, own: dict[str, str]) -> str:
    """Each row of the followed engagements once more, for each engagement that follows them."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or "id" in own]
    columns = [str(field.column) for field in fields]
    values = ", ".join(own.get(column, f"p.{column}") for column in columns)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of models, no values
        f" FROM {_GROWING} JOIN {table} p ON p.{link} = g.followed ORDER BY g.id"
    )
