"""What lies near a point: rows with a latitude and a longitude, by distance over the ground."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import ACos, Cast, Cos, Greatest, Least, Radians, Sin

EARTH_KM = 6371.0088
_KM_PER_DEGREE = EARTH_KM * math.pi / 180
Q = TypeVar("Q", bound=QuerySet[Any])


def near(rows: Q, latitude: Decimal, longitude: Decimal, kilometres: float) -> Q:
    """The rows within so many kilometres, nearest first, each with `distance_km` (great circle, WGS 84 mean).

    The rows have columns `latitude` and `longitude` in decimal degrees; an index on them narrows first.
    """
    lat = float(latitude)
    reach = kilometres / _KM_PER_DEGREE
    rows = rows.filter(latitude__gte=lat - reach, latitude__lte=lat + reach)
    # Towards a pole, or across the date line, a band of longitudes would cut off what is near.
    spread = reach / max(math.cos(math.radians(min(abs(lat) + reach, 90))), 1e-9)
    west, east = float(longitude) - spread, float(longitude) + spread
    if west >= -180 and east <= 180:  # noqa: PLR2004 - the ends of the map
        rows = rows.filter(longitude__gte=west, longitude__lte=east)
    distant = rows.annotate(distance_km=_distance(lat, float(longitude)))
    return distant.filter(distance_km__lte=kilometres).order_by("distance_km", "pk")


def _distance(lat: float, lon: float) -> Any:
    own_lat, own_lon = Value(math.radians(lat)), Value(math.radians(lon))
    there_lat = Radians(Cast(F("latitude"), FloatField()))
    there_lon = Radians(Cast(F("longitude"), FloatField()))
    cosine = Sin(own_lat) * Sin(there_lat) + Cos(own_lat) * Cos(there_lat) * Cos(there_lon - own_lon)
    # Rounding may carry it past one for a point at the same place.
    return ACos(Greatest(Least(cosine, Value(1.0)), Value(-1.0))) * Value(EARTH_KM)
