"""Readiness beside other things: an operation, a person's training record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.makers import highest
from cimic_portal.core.models import Office, Position
from cimic_portal.core.panels import Panel
from training.models import TrainingRecord
from training.policies.requirement import can_require
from training.readiness.counts import by_course, summed
from training.readiness.operation import operation_readiness
from training.readiness.person import person_readiness

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Operation

MOST = 5


def readiness_for(operation: Operation, person: Person) -> Mapping[str, Any] | None:
    """How many of those who take part are ready, and what most of them lack; people the reader may see.

    Nothing for whoever sees nobody of them and sets nothing.
    """
    found = operation_readiness(person, operation, timezone.localdate())
    may_require = bool(can_require(person, operation))
    if not found.rows and not may_require:
        return None
    url = reverse("operation_readiness", args=[operation.reference])
    return {
        "rows": found.records,
        "total": summed(found.rows),
        "lacking": [line for line in by_course(found) if line.missing][:MOST],
        "left_out": found.left_out,
        "heads": _heads_of(found.closed),
        "url": url,
        "require_url": f"{url}require/" if may_require else "",
        "level": found.level,
    }


def _heads_of(offices: Collection[int]) -> list[Position]:
    """Whom to ask about people whose records are not open to the reader; the first few."""
    heads = Position.objects.filter(office__in=offices, is_head=True, is_archived=False)
    return list(heads.select_related("office").order_by("office__name", "pk")[:MOST]) if offices else []


def due_beside(record: TrainingRecord, person: Person) -> Mapping[str, Any] | None:
    """What is due for the person of a training record; and the offices that they lead."""
    own = person_readiness(person, record.person)
    if own is None:
        return None
    led = Office.objects.filter(positions__in=record.person.access.held, positions__is_head=True)
    shown = [record, *own.operations]
    return {
        "rows": shown,
        "own": own,
        "lines": own.open_lines,
        "led": list(led.order_by("name")),
        "url": reverse("person_readiness", args=[record.reference]),
        "level": highest(shown),
    }


PANELS = [
    Panel("operation", _("Readiness"), "training/panels/readiness.html", readiness_for, order=5),
    Panel("operation_in_force", _("Readiness"), "training/panels/readiness.html", readiness_for, order=5),
    Panel("training_record", _("Readiness"), "training/panels/due.html", due_beside, order=5),
]
