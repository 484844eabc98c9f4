"""Pages of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cimic_portal.core.geo.picture import Frame
from cimic_portal.core.models import AreaBoundary, Place
from cimic_portal.core.views.history import reference_history

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

SHOWN = 20


def place_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: what and where it is, on a picture of its area, and what else is there."""
    person: Person = request.user  # type: ignore[assignment]
    place = get_object_or_404(Place.objects.visible_to(person).select_related("area"), pk=pk)
    others = Place.objects.filter(area=place.area, is_archived=False).exclude(pk=place.pk)
    return render(
        request,
        "core/place/detail.html",
        {
            "title": place.name,
            "record": None,
            "sub": place.get_kind_display(),
            "place": place,
            "above": place.area.ancestors() if place.area else [],
            "others": others.order_by("name")[:SHOWN] if place.area else [],
            "picture": _picture(place),
            "history": reference_history(place, person),
        },
    )


def _picture(place: Place) -> dict[str, Any] | None:
    """The place in the outline of its area, if that has one."""
    boundary = AreaBoundary.objects.filter(area=place.area_id).defer("geometry").first()
    if boundary is None:
        return None
    frame = Frame.around((boundary.west, boundary.south, boundary.east, boundary.north))
    return {
        "frame": frame,
        "own": frame.path(boundary.outline),
        "points": [(place.name, *frame.point(float(place.longitude), float(place.latitude)))],
    }
