"""The base of every event table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from pghistory.models import Event as PghistoryEvent

from cimic_portal.core.sharing.querysets import ScopedQuerySet
from cimic_portal.core.sharing.scope import Scope


class EventQuerySet(ScopedQuerySet["Event"]):
    """The trail of records is read through `history`: the rule of today and of the row's own day.

    The trail of reference data needs no scope, as the data itself needs none.
    """

    def __init__(self, model: Any = None, query: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(model, query, *args, **kwargs)
        tracked = getattr(model, "pgh_tracked_model", None)
        if query is None and getattr(tracked, "sharing", None) == "reference":
            self.query.scope = Scope("the trail of reference data", by_rule=False)  # type: ignore[attr-defined]


class Event(PghistoryEvent):
    """What a row was after one change. The class name ends the names of the event models."""

    sharing: ClassVar[str] = "event"

    objects = EventQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        abstract = True


def event_model_of(model: type[models.Model]) -> type[models.Model] | None:
    """The trail of a model; None where it is not tracked."""
    return next(
        (each for each in apps.get_models() if getattr(each, "pgh_tracked_model", None) is model), None
    )
