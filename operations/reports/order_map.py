"""The map of an order: its ground within its area, the places of its tasks, and the military grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import Area, AreaBoundary
from cimic_portal.core.paper.sketch import Outline, Spot, rings_of, sketch
from operations.reports.order_annexes import Annex, Content, Line, Map, Part, Table
from operations.reports.order_lists import grid_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Place
    from cimic_portal.core.paper.sketch import Sketch
    from operations.models import Operation
    from operations.reports.order_reading import OrderBook

# In millimetres: the sheet within its margins, with room for the words above.
WIDTH, HEIGHT = 176.0, 175.0
# More numbers than this cannot be told apart; further places are small dots.
MOST_NUMBERS = 60


@dataclass
class _There:
    """A place and the numbers of the tasks that are done there."""

    place: Place
    number: int
    tasks: list[str] = field(default_factory=list)


def _map(book: OrderBook) -> Content | None:
    where = _places(book)
    spots = [
        Spot(
            str(one.number) if one.number <= MOST_NUMBERS else "",
            float(one.place.longitude),
            float(one.place.latitude),
        )
        for one in where
        if one.place.latitude is not None and one.place.longitude is not None
    ]
    drawn = sketch(_outlines(book.operation, where), spots, width=WIDTH, most_height=HEIGHT, grid=True)
    if drawn is None and not where:
        return None
    parts: list[Part] = []
    if drawn is not None:
        caption = _("Area and places of the tasks, for orientation only")
        alt = _("Sketch map of the area with %(count)d numbered places; the table below holds them.") % {
            "count": len(spots)
        }
        parts.append(Map(caption, drawn, alt))
    if where:
        parts.append(_legend(where))
    return Content(parts, intro=_intro(drawn) if drawn else "")


def _intro(drawn: Sketch) -> str:
    grid = drawn.grid
    if grid is None:
        return ""
    words = _(
        "Grid: MGRS, WGS 84, lines every %(step)d km; their figures are the last two whole kilometres "
        "of easting and northing. Broken line: the ground of the operation. North is up."
    ) % {"step": grid.step_km}
    corners = _("Lower left corner %(first)s, upper right %(last)s; scale on A4 about 1 : %(scale)s.") % {
        "first": grid.corners[0],
        "last": grid.corners[1],
        "scale": f"{round(drawn.scale_km * 1_000_000 / drawn.scale_mm, -3):,.0f}".replace(",", "\u202f"),
    }
    return f"{words}\n{corners}" if all(grid.corners) else words


def _places(book: OrderBook) -> list[_There]:
    """In the order in which they are first needed."""
    found: dict[int, _There] = {}
    for task in book.plan.tasks:
        if task.place is not None:
            there = found.setdefault(task.place.pk, _There(task.place, len(found) + 1))
            there.tasks.append(book.number(task))
    return list(found.values())


def _outlines(operation: Operation, where: Sequence[_There]) -> list[Outline]:
    """The area with its neighbours of the same level, and the ground over them.

    Without an area: the provinces around the places, for orientation.
    """
    area = operation.area
    if area is not None:
        outlines = [
            Outline(row.area.name, rings_of(row.outline), own=row.area_id == area.pk) for row in _around(area)
        ]
    else:
        countries = Area.objects.filter(pk__in=[one.place.area_id for one in where]).values("country")
        rows = AreaBoundary.objects.filter(area__level=1, area__country__in=countries)
        outlines = [
            Outline(row.area.name, rings_of(row.outline), own=False)
            for row in rows.select_related("area").only("outline", "area__name")
        ]
    if operation.boundary:
        corners = [(float(lon), float(lat)) for lon, lat in operation.boundary]
        outlines.append(Outline("", [[*corners, corners[0]]], own=True, ground=True))
    return outlines


def _around(area: Area) -> list[AreaBoundary]:
    """The boundary of the area, and those of its level near enough to be seen."""
    own = AreaBoundary.objects.filter(area=area).values_list("west", "south", "east", "north").first()
    if own is None:
        return []
    west, south, east, north = own
    room = max(east - west, north - south)
    near = AreaBoundary.objects.filter(
        area__level=area.level,
        area__country=area.country,
        west__lte=east + room,
        east__gte=west - room,
        south__lte=north + room,
        north__gte=south - room,
    )
    return list(near.select_related("area").only("outline", "area__name"))


def _legend(where: list[_There]) -> Table:
    return Table(
        _("Places of the tasks"),
        [_("No."), _("Place"), _("Kind"), _("Grid (MGRS)"), _("Tasks")],
        (0.5, 2, 1.2, 1.6, 1.6),
        [
            Line(
                [
                    str(one.number),
                    str(one.place),
                    str(one.place.get_kind_display()),
                    grid_of(one.place),
                    ", ".join(one.tasks),
                ]
            )
            for one in where
        ],
    )


MAP = Annex("map", gettext_lazy("Map"), _map, order=50)
