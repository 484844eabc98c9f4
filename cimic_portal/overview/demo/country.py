"""Carana: a made-up island country at sea, with provinces, districts and towns."""

from __future__ import annotations

import math
import random
from decimal import Decimal
from typing import Any

from shapely import MultiPoint, Point, Polygon, box, voronoi_polygons
from shapely.geometry import mapping

from cimic_portal.core.models import Area, Place
from cimic_portal.core.models.place import PlaceKind
from cimic_portal.overview.demo.words import PROVINCES, TOWNS

# Off the coast, where no real P-code lies: degrees east and north.
CENTRE = (3.6, -3.4)
RADIUS = 1.9
DISTRICTS_PER_PROVINCE = 4


def _coast(rng: random.Random) -> Polygon:
    """An uneven coast line around the centre."""
    points = []
    for step in range(72):
        angle = math.radians(step * 5)
        reach = RADIUS * (
            1 + 0.16 * math.sin(3 * angle + 0.7) + 0.07 * math.sin(7 * angle) + rng.uniform(-0.03, 0.03)
        )
        points.append((CENTRE[0] + reach * 1.15 * math.cos(angle), CENTRE[1] + reach * math.sin(angle)))
    return Polygon(points)


def _split(shape: Polygon, count: int, rng: random.Random) -> list[Any]:
    """Cut a shape into `count` cells around evenly spread points."""
    west, south, east, north = shape.bounds
    seeds: list[Point] = []
    distance = math.sqrt(shape.area / count) * 0.75
    while len(seeds) < count:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if shape.contains(point) and all(point.distance(other) > distance for other in seeds):
            seeds.append(point)
        else:
            distance *= 0.999
    cells = voronoi_polygons(MultiPoint(seeds), extend_to=box(west, south, east, north))
    return [max(_polygons(cell.intersection(shape)), key=lambda p: p.area) for cell in cells.geoms]


def _polygons(shape: Any) -> list[Polygon]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, Polygon)]


def _feature(pcode: str, name: str, level: int, parent: str, shape: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "pcode": pcode,
            "name": name,
            "level": level,
            "parent_pcode": parent,
            "country": "Carana",
        },
        "geometry": mapping(shape),
    }


def features(rng: random.Random) -> list[dict[str, Any]]:
    """Country, provinces and districts as GeoJSON features, the form that `import_areas` takes."""
    coast = _coast(rng)
    found = [_feature("XC", "Carana", 0, "", coast)]
    for number, (name, shape) in enumerate(
        zip(PROVINCES, _split(coast, len(PROVINCES), rng), strict=True), start=1
    ):
        province = f"XC{number:02d}"
        found.append(_feature(province, name, 1, "XC", shape))
        for index, district in enumerate(_split(shape, DISTRICTS_PER_PROVINCE, rng), start=1):
            town = TOWNS[(number - 1) * DISTRICTS_PER_PROVINCE + index - 1]
            found.append(_feature(f"{province}{index:02d}", town, 2, province, district))
    return found


_KINDS = (
    (PlaceKind.SETTLEMENT, "{town}"),
    (PlaceKind.WATER, "Water point {town}"),
    (PlaceKind.SCHOOL, "School {town}"),
    (PlaceKind.HEALTH, "Clinic {town}"),
    (PlaceKind.DISPLACEMENT_SITE, "Displacement site {town}"),
    (PlaceKind.MARKET, "Market {town}"),
)


def places(rng: random.Random, districts: list[tuple[Area, Any]]) -> list[Place]:
    """A town and some places in every district; `districts` pairs each area with its shape."""
    found = []
    for area, shape in districts:
        west, south, east, north = shape.bounds
        for kind, name in _KINDS[: rng.randint(3, len(_KINDS))]:
            point = shape.representative_point()
            for _try in range(50):
                candidate = Point(rng.uniform(west, east), rng.uniform(south, north))
                if shape.buffer(-0.02).contains(candidate):
                    point = candidate
                    break
            found.append(
                Place(
                    name=name.format(town=area.name),
                    kind=kind,
                    latitude=Decimal(str(round(point.y, 6))),
                    longitude=Decimal(str(round(point.x, 6))),
                    area=area,
                    source="Demo",
                )
            )
    return found
