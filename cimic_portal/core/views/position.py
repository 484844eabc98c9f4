"""What the portal makes of a typed position: degrees, MGRS, and the area it lies in."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from cimic_portal.core.geo.errors import PositionError
from cimic_portal.core.geo.position import parse_position
from cimic_portal.core.models import area_at


def position_lookup(request: HttpRequest) -> JsonResponse:
    """GET ?position=… → latitude, longitude (degrees), mgrs, area; 422 with words when it is none."""
    try:
        position = parse_position(request.GET.get("position", ""))
    except PositionError as error:
        return JsonResponse({"detail": str(error)}, status=422)
    area = area_at(position.lat, position.lon)
    return JsonResponse(
        {
            "latitude": str(position.lat),
            "longitude": str(position.lon),
            "mgrs": position.mgrs,
            "area": f"{area.name} ({area.pcode})" if area else "",
        }
    )
