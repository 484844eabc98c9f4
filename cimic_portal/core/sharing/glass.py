"""The one exception to the sharing rule: the glass that an administrator breaks.

It opens one record, whatever its audience and its level, to one administrator, on the page of the glass.
`visible_to()` never asks here: lists, counts, searches, files, parts and the API stay as shut as before.
Source: domain, "Breaking the glass".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cimic_portal.core.models import BrokenGlass, Person
    from cimic_portal.core.sharing.records import SharedRecord

_WHY = "the glass of this one record is broken; its page alone asks"


def open_glasses(person: Person) -> QuerySet[BrokenGlass]:
    """Those of this administrator that are open now; none for anybody else."""
    rows: Any = apps.get_model("core.BrokenGlass")._default_manager
    if not (person.is_active and person.is_staff):
        return cast("QuerySet[BrokenGlass]", rows.none())
    now = timezone.now()
    return cast("QuerySet[BrokenGlass]", rows.filter(person=person, since__lte=now, until__gt=now))


def behind(glass: BrokenGlass) -> SharedRecord | None:
    """The record of an open glass; None where it is there no more."""
    model: Any = apps.get_model(glass.record_model)
    found: SharedRecord | None = model._default_manager.unscoped(_WHY).filter(pk=glass.record_id).first()
    return found
