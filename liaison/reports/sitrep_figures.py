"""The figures of the SITREP: sums of what the maker may open by component or office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cimic_portal.core.geo import to_mgrs
from liaison.models.commitment import CommitmentSide, CommitmentState
from liaison.models.engagement import Atmosphere
from liaison.models.tasking import TaskingState
from liaison.reports.sitrep_rows import EngagementRow, Sitrep


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A small table of counts: the first column says what is counted."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place where engagements took place: its number, and how many of them count.

    `key` is the `place_key` of its engagements.
    """

    number: int
    key: Hashable
    name: str
    area: str
    grid: str
    latitude: float | None
    longitude: float | None
    engagements: int


def engagement_figures(report: Sitrep) -> FigureTable:
    """Engagements by kind and atmosphere; the last row and the last column are the totals."""
    counts = Counter((row.kind, row.atmosphere) for row in report.engagements if row.counted)
    columns: list[Atmosphere | None] = [*Atmosphere]
    heads = [str(atmosphere.label) for atmosphere in Atmosphere]
    if any(atmosphere is None for _kind, atmosphere in counts):
        columns, heads = [*columns, None], [*heads, _("Not stated")]
    kinds = sorted({kind for kind, _atmosphere in counts})
    rows = [(kind, [counts[kind, atmosphere] for atmosphere in columns]) for kind in kinds]
    rows.append((_("All kinds"), [sum(row[1][place] for row in rows) for place in range(len(columns))]))
    return FigureTable(
        _("Engagements by kind and atmosphere"),
        [_("Kind"), *heads, _("All")],
        [(kind, [*numbers, sum(numbers)]) for kind, numbers in rows],
    )


def tasking_figures(report: Sitrep) -> FigureTable:
    """Taskings by state, and how many of them are overdue when the report is made."""
    counted = [row for row in report.taskings if row.counted]
    counts = Counter(row.state for row in counted)
    rows = [(str(state.label), [counts[state]]) for state in TaskingState if counts[state]]
    rows.append((_("All states"), [len(counted)]))
    rows.append((_("Open and overdue"), [sum(row.is_overdue(report.made_at) for row in counted)]))
    return FigureTable(_("Taskings by state"), [_("State"), _("Taskings")], rows)


def commitment_figures(report: Sitrep) -> FigureTable:
    """Commitments by state and by the side that made them; overdue ones when the report is made."""
    counted = [row for row in report.commitments if row.counted]
    counts = Counter((row.state, row.side) for row in counted)
    late = Counter(row.side for row in counted if row.is_overdue(report.made_at))
    rows = [(str(state.label), [counts[state, side] for side in CommitmentSide]) for state in CommitmentState]
    rows.append((_("Open and overdue"), [late[side] for side in CommitmentSide]))
    return FigureTable(_("Commitments"), [_("State"), _("Ours"), _("Theirs")], rows)


def places(report: Sitrep) -> list[PlaceRow]:
    """Where engagements took place, most visited first, then in order of time.

    Engagements at the same point (to about ten metres) are one place; without coordinates, those
    with the same name and area.
    """
    visits: dict[Hashable, list[EngagementRow]] = {}
    for row in report.in_order():
        if row.place or row.latitude is not None:
            visits.setdefault(place_key(row), []).append(row)
    ranked = sorted(visits.items(), key=lambda visit: -sum(row.counted for row in visit[1]))
    return [_place(number, key, rows) for number, (key, rows) in enumerate(ranked, start=1)]


def place_key(row: EngagementRow) -> Hashable:
    """What makes two engagements be at one place."""
    if row.latitude is not None and row.longitude is not None:
        return round(row.latitude, 4), round(row.longitude, 4)
    return row.place.casefold(), row.pcode


def grid(latitude: float | None, longitude: float | None) -> str:
    """The military grid to one metre, or nothing."""
    return "" if latitude is None or longitude is None else to_mgrs(latitude, longitude)


def _place(number: int, key: Hashable, rows: Sequence[EngagementRow]) -> PlaceRow:
    first = rows[0]
    return PlaceRow(
        number=number,
        key=key,
        name=first.place,
        area=" ".join(filter(None, [first.area, first.pcode])),
        grid=grid(first.latitude, first.longitude),
        latitude=first.latitude,
        longitude=first.longitude,
        engagements=sum(row.counted for row in rows),
    )
