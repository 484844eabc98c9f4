"""When somebody last looked at an operation; what changed since is shown as new."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from operations.models import VISIT, OperationLook

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

KEEP = timedelta(days=365)
# Who was away longer reads the journal instead.
LONGEST_AWAY = timedelta(days=14)
_DROP_BATCH = 5000


def look_at(operation: Operation, *, actor: Person) -> datetime:
    """The person looks at an operation that they see: returns since when things are new to them.

    Looks less than half an hour apart are one visit, so that a reload shows the same again.
    """
    now = timezone.now()
    with transaction.atomic():
        look, _made = OperationLook.objects.select_for_update().get_or_create(
            person=actor, operation=operation, defaults={"looked_at": now}
        )
        if now - look.looked_at > VISIT:
            look.before = look.looked_at
        look.looked_at = now
        look.save(update_fields=["looked_at", "before"])
    earliest = now - LONGEST_AWAY
    return max(look.before or earliest, earliest)


def drop_old_looks() -> int:
    """Drop looks older than twelve months. Returns how many."""
    old = OperationLook.objects.filter(looked_at__lt=timezone.now() - KEEP).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:_DROP_BATCH])
    OperationLook.objects.filter(pk__in=pks).delete()
    return len(pks)
