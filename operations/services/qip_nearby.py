"""What stands or is planned near a project, so that help does not fall on the same spot twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cimic_portal.core.geo.near import near
from cimic_portal.core.models import Place, PlaceKind
from operations.models import Qip, QipRules, QipState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Of each kind of thing; the nearest matter.
MOST = 8
# Places where humanitarian work is to be expected.
KINDS = (
    PlaceKind.DISPLACEMENT_SITE,
    PlaceKind.HEALTH,
    PlaceKind.SCHOOL,
    PlaceKind.WATER,
    PlaceKind.MARKET,
    PlaceKind.CROSSING,
)
_GIVEN_UP = (QipState.CANCELLED, QipState.NOT_APPROVED)


@dataclass(frozen=True)
class Nearby:
    """Within so many kilometres; each row carries `distance_km`."""

    kilometres: int
    places: list[Place]
    projects: list[Qip]


def nearby(qip: Qip, person: Person) -> Nearby | None:
    """Places and other projects around it, nearest first, as far as the reader may see them.

    None where the project has no coordinates.
    """
    if qip.latitude is None or qip.longitude is None:
        return None
    reach = QipRules.in_force().nearby_km
    known = Place.objects.visible_to(person).filter(is_archived=False, kind__in=KINDS)
    others = Qip.objects.visible_to(person).exclude(pk=qip.pk).exclude(state__in=_GIVEN_UP)
    return Nearby(
        kilometres=reach,
        places=list(near(known, qip.latitude, qip.longitude, reach)[:MOST]),
        projects=list(near(others, qip.latitude, qip.longitude, reach)[:MOST]),
    )
