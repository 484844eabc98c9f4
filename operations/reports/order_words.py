"""What the papers of an order are called, and what stands on those that do not hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import day_text, moment_text
from operations.models import OperationState, RevisionState

if TYPE_CHECKING:
    from operations.models import Operation, PlanRevision

_LETTERS = "YXWVUTSRQPONZABCDEFGHIKLM"
_HOUR = timedelta(hours=1)
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()  # noqa: SIM905 - reads as one
_FARTHEST = 12


def zone_letter(offset: timedelta) -> str:
    """The letter of a time zone, `A` for one hour before Greenwich; empty between whole hours."""
    hours, rest = divmod(offset, _HOUR)
    return "" if rest or abs(hours) > _FARTHEST else _LETTERS[hours + _FARTHEST]


def date_time_group(when: datetime) -> str:
    """`221305Z NOV 26`: day, hour and minute in Zulu, month, year. The same in every language."""
    zulu = when.astimezone(timezone.get_fixed_timezone(0))
    return f"{zulu:%d%H%M}Z {_MONTHS[zulu.month - 1]} {zulu:%y}"


def stacked(when: datetime) -> str:
    """`22 Nov 2026, 14:05` and `(13:05Z)` below it, for a narrow column."""
    return moment_text(when).replace(" (", "\n(", 1)


def zone_words(when: datetime) -> str:
    """`Africa/Bangui, UTC+1 (A)`: the clock that the paper is written in, as it is at that moment."""
    local = timezone.localtime(when)
    offset = local.utcoffset() or timedelta()
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    plain = f"{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
    letter = zone_letter(offset)
    words = f"{timezone.get_default_timezone_name()}, UTC{plain}" + (f" ({letter})" if letter else "")
    return _("%(zone)s; Zulu in brackets") % {"zone": words}


def order_title(revision: PlanRevision) -> str:
    """`Operation order OPO 2026/014 with FRAGO 02: Market days`."""
    operation = revision.operation
    what = (
        _("Operation order %(number)s") % {"number": operation.order_name}
        if operation.order_name
        else _("Operation order")
    )
    if revision.frago_number:
        what = _("%(order)s with %(frago)s") % {"order": what, "frago": revision}
    return f"{what}: {operation}"


def frago_title(revision: PlanRevision) -> str:
    """`FRAGO 02 to OPO 2026/014: Market days`."""
    return _("%(frago)s to %(order)s: %(operation)s") % {
        "frago": revision if revision.frago_number else _("FRAGO"),
        "order": revision.operation.order_name,
        "operation": revision.operation,
    }


def stamp_of(revision: PlanRevision, in_force: PlanRevision | None) -> str:
    """What stands on every page of a paper that does not hold; empty for the order in force."""
    if revision.state == RevisionState.DRAFT:
        return _("Draft – not in force")
    if revision.state == RevisionState.STAFFED:
        return _("Draft in staffing – not in force")
    if revision.state == RevisionState.SUBMITTED:
        return _("Draft to be issued – not in force")
    if revision.state == RevisionState.SUPERSEDED:
        return superseded_words(revision, in_force)
    return _ended(revision.operation) if revision.state == RevisionState.IN_FORCE else _("Dropped")


def superseded_words(revision: PlanRevision, in_force: PlanRevision | None) -> str:
    """By what, and when."""
    if revision.decided_at is None:
        return _("Superseded – never in force")
    if in_force is None or in_force.decided_at is None:
        return _("Superseded")
    return _("Superseded by %(frago)s of %(day)s") % {
        "frago": in_force,
        "day": day_text(in_force.decided_at),
    }


def _ended(operation: Operation) -> str:
    return {
        OperationState.SUSPENDED: _("Suspended"),
        OperationState.COMPLETED: _("Completed – no longer in force"),
        OperationState.CLOSED: _("Closed – no longer in force"),
        OperationState.CANCELLED: _("Cancelled – not in force"),
    }.get(OperationState(operation.state), "")


def state_words(revision: PlanRevision, in_force: PlanRevision | None) -> str:
    """The state of what is printed, in a few words."""
    return stamp_of(revision, in_force) or str(revision.get_state_display())
