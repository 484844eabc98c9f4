"""What operations know beside the things of core: operations in an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Document
from cimic_portal.core.panels import Panel
from operations.models import Operation, PlanRevision
from operations.policies.papers import FRAGO, ORDER
from operations.reports.order_papers import paper_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

MOST = 5


def operations_in(area: Area, person: Person) -> Mapping[str, Any] | None:
    """The newest operations in the area and its parts; nothing is said where there is none."""
    rows = list(
        Operation.objects.visible_to(person)
        .filter(area__in=Area.objects.within(area).values("pk"))
        .select_related("kind")
        .order_by("-starts_at", "-pk")[:MOST]
    )
    if not rows:
        return None
    url = f"{reverse('operations')}?area={area.pcode}"
    return {"rows": rows, "url": url, "level": max(row.classification for row in rows)}


def paper_of_order(document: Document, person: Person) -> Mapping[str, Any] | None:
    """Whether a paper of an order still holds; nothing where the reader does not see what it tells of."""
    if document.kind not in (ORDER, FRAGO):
        return None
    asked = document.parameters
    operation = Operation.objects.visible_to(person).filter(reference=asked.get("operation", "")).first()
    if operation is None:
        return None
    rows = PlanRevision.objects.visible_to(person).filter(operation=operation).select_related("operation")
    revisions = {row.number: row for row in rows}
    revision = revisions.get(asked.get("revision"))
    if revision is None:
        return None
    return {
        "rows": [operation],
        "operation": operation,
        "paper": paper_of(document, revision, revisions),
        "level": operation.classification,
    }


PANELS = [
    Panel("area", _("Operations here"), "operations/panels/operations.html", operations_in, order=5),
    Panel("document", _("Does it hold?"), "operations/panels/paper.html", paper_of_order, order=5),
]
