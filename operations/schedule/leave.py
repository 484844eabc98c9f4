"""When nobody who holds a position is there: it is vacant, or all its holders are on leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """A person over a period; `until` None: open."""

    person: int
    since: datetime
    until: datetime | None


Gap = tuple[datetime, datetime]


def gaps(start: datetime, end: datetime, stays: Iterable[tuple[datetime, datetime | None]]) -> list[Gap]:
    """The parts of [start, end) that none of these periods covers, in order."""
    found: list[Gap] = []
    at = start
    for since, until in sorted(stays, key=lambda stay: stay[0]):
        if until is not None and until <= at:
            continue
        if since >= end:
            break
        if since > at:
            found.append((at, since))
        if until is None or until >= end:
            return found
        at = max(at, until)
    return [*found, (at, end)] if at < end else found


def present(holdings: Iterable[Stay], away: Iterable[Stay]) -> list[tuple[datetime, datetime | None]]:
    """When holders are there: their holding without the periods for which they let others deputise."""
    leave = list(away)
    found: list[tuple[datetime, datetime | None]] = []
    for stay in holdings:
        until = stay.until
        cut = [(one.since, one.until) for one in leave if one.person == stay.person]
        # An open holding ends, for this reckoning, after the last leave.
        last = max([stay.since, *(at for period in cut for at in period if at is not None)])
        for since, end in gaps(stay.since, until or max(last, stay.since), cut):
            found.append((since, end))
        if until is None and all(end is not None for _since, end in cut):
            found.append((max(last, stay.since), None))
    return found
