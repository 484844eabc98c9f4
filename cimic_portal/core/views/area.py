"""Pages of areas, and their boundaries for maps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from cimic_portal.core.geo.picture import Box, Frame, around_all
from cimic_portal.core.listings.area import level_words
from cimic_portal.core.models import Area, AreaBoundary, Place
from cimic_portal.core.panels import panels_beside
from cimic_portal.core.views.history import reference_history

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

SHOWN = 50
# How long a browser draws boundaries without asking whether there are new ones, in seconds.
FRESH = 600


def area_detail(request: HttpRequest, pcode: str) -> HttpResponse:
    """One area: its facts, what it is part of, its parts and places, and a picture of its outline."""
    person: Person = request.user  # type: ignore[assignment]
    rows = Area.objects.visible_to(person).select_related("parent", "boundary")
    area = get_object_or_404(rows, pcode=pcode.upper())
    boundary: AreaBoundary | None = getattr(area, "boundary", None)
    parts = area.children.order_by("pcode")
    panels = panels_beside("area", area, person)
    places = Place.objects.filter(area__in=Area.objects.within(area).values("pk"), is_archived=False)
    shown_places = list(places.select_related("area").order_by("name")[:SHOWN])
    return render(
        request,
        "core/area/detail.html",
        {
            "title": area.name,
            "record": None,
            "sub": f"{area.pcode} · {level_words(area)}",
            "area": area,
            "boundary": boundary,
            "above": area.ancestors(),
            "parts": parts[:SHOWN],
            "part_count": parts.count(),
            "places": shown_places,
            "place_count": places.count(),
            "picture": _picture(area, boundary, shown_places),
            "history": reference_history(area, person),
            "panels": panels,
            "page_classification": max((panel.get("level", 1) for panel in panels), default=1),
        },
    )


def _picture(area: Area, boundary: AreaBoundary | None, places: list[Place]) -> dict[str, Any] | None:
    """The area among its neighbours, parts and places inside; of an area without boundary, its parts."""
    parts = list(_drawable(AreaBoundary.objects.filter(area__parent=area)))
    box = _box(boundary) if boundary else around_all(_box(part) for part in parts)
    if box is None:
        return None
    frame = Frame.around(box)
    near = _meeting(
        AreaBoundary.objects.filter(area__level=area.level, area__country=area.country), frame.box
    )
    return {
        "frame": frame,
        "neighbours": [
            (other.area.name, frame.path(other.outline)) for other in _drawable(near.exclude(pk=area.pk))
        ],
        "own": frame.path(boundary.outline) if boundary else "",
        "parts": [(part.area.name, frame.path(part.outline)) for part in parts],
        "points": [
            (place.name, *frame.point(float(place.longitude), float(place.latitude))) for place in places
        ],
    }


def _drawable(rows: QuerySet[AreaBoundary]) -> QuerySet[AreaBoundary]:
    return rows.select_related("area").defer("geometry").order_by("area__pcode")


def _box(boundary: AreaBoundary) -> Box:
    return boundary.west, boundary.south, boundary.east, boundary.north


def _meeting(rows: QuerySet[AreaBoundary], box: Box) -> QuerySet[AreaBoundary]:
    west, south, east, north = box
    return rows.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def area_boundaries(request: HttpRequest) -> HttpResponse:
    """Simplified boundaries of one level as GeoJSON: `?level=1` (the default).

    Features carry `pcode`, `name` and `level`. Private to the reader's browser, which may keep it
    for ten minutes and then asks by ETag whether anything changed. 422 with words for a level that
    is none.
    """
    person: Person = request.user  # type: ignore[assignment]
    level = request.GET.get("level") or "1"
    if level not in {str(number) for number in range(10)}:
        return JsonResponse({"detail": _("The level is a whole number from 0 to 9.")}, status=422)
    readable = Area.objects.visible_to(person).filter(level=level)
    rows = AreaBoundary.objects.filter(area__in=readable)
    state = rows.aggregate(Count("pk"), Max("updated_at"), Max("area__updated_at"))
    etag = quote_etag(hashlib.sha256(f"{level} {state}".encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag) or _collection(rows)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={FRESH}"
    return response


def _collection(rows: QuerySet[AreaBoundary]) -> JsonResponse:
    features = [
        {
            "type": "Feature",
            "properties": {"pcode": row.area.pcode, "name": row.area.name, "level": row.area.level},
            "geometry": row.outline,
        }
        for row in _drawable(rows)
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features},
        json_dumps_params={"separators": (",", ":"), "ensure_ascii": False},
        content_type="application/geo+json",
    )
