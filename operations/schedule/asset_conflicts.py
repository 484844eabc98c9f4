"""Where what is booked and what is planned do not fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from cimic_portal.core.templatetags.moments import moment_text
from operations.models import AssetState, BookedFor, Booking, BookingState
from operations.schedule.conflicts import Conflict
from operations.schedule.leave import gaps

if TYPE_CHECKING:
    from operations.models import OperationTask
    from operations.schedule.reading import ReadPlan


def asset_conflicts(plan: ReadPlan) -> Iterator[Conflict]:
    """Of each task with bookings: times it does not have, assets out of service, requests not answered."""
    if not plan.tasks or plan.person is None:
        return
    booked = _booked(plan)
    for task in plan.tasks:
        rows = booked.get(task.key, [])
        # What is over and done needs no asset any more.
        if rows and task.ends_at > plan.now:
            yield from _uncovered(task, rows)
            for row in rows:
                yield from _of_one(plan, task, row)


def _booked(plan: ReadPlan) -> dict[UUID, list[Booking]]:
    """Open bookings of the operation's tasks that the reader may see, by the key of the task."""
    rows = BookedFor.objects.visible_to(plan.person).filter(
        operation=plan.revision.operation_id, task_key__isnull=False
    )
    found: dict[UUID, list[Booking]] = {}
    named = rows.filter(booking__in=Booking.objects.visible_to(plan.person).open())
    for row in named.select_related("booking__asset__kind").order_by("booking__starts_at"):
        assert row.task_key is not None
        found.setdefault(row.task_key, []).append(row.booking)
    return found


def _uncovered(task: OperationTask, rows: list[Booking]) -> Iterator[Conflict]:
    """A part of the task for which no asset of the kind is booked; several may relieve one another."""
    kinds: dict[int, list[Booking]] = {}
    for row in rows:
        kinds.setdefault(row.asset.kind_id, []).append(row)
    for same in kinds.values():
        spans: list[Any] = [(row.starts_at, row.ends_at) for row in same]
        for since, until in gaps(task.starts_at, task.ends_at, spans):
            words = _("%(asset)s is not booked from %(since)s to %(until)s, when the task is.")
            told = {"asset": same[0].asset, "since": moment_text(since), "until": moment_text(until)}
            yield Conflict(task.pk, "asset_times", words % told)


def _of_one(plan: ReadPlan, task: OperationTask, row: Booking) -> Iterator[Conflict]:
    asset = row.asset
    if asset.state == AssetState.UNDER_REPAIR and (asset.back_at is None or row.starts_at < asset.back_at):
        until = moment_text(asset.back_at) if asset.back_at else _("further notice")
        words = _("%(asset)s is under repair until %(until)s.")
        yield Conflict(task.pk, "asset_repair", words % {"asset": asset, "until": until})
    if row.state == BookingState.REQUESTED and (row.is_overdue or task.starts_at <= plan.now):
        words = _("%(asset)s was asked for and is not confirmed.")
        yield Conflict(task.pk, "asset_waits", words % {"asset": asset})
