"""What operations know beside the things of core: operations in an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area
from cimic_portal.core.panels import Panel
from operations.models import Operation

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


PANELS = [Panel("area", _("Operations here"), "operations/panels/operations.html", operations_in, order=5)]
