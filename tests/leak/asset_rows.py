"""What belongs to the assets of the leak world: bookings for its operations, and times out of service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from operations.models import Asset, Booking, BookingState, Operation, OperationTask, Unavailability
from tests.factories.core import ahead
from tests.factories.operations_assets import BookingFactory, UnavailabilityFactory
from tests.support import facts

if TYPE_CHECKING:
    from tests.leak.world import LeakWorld

STATES = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.DECLINED)


def add_assets(world: LeakWorld) -> None:
    """Two bookings of each asset, for operations of any visibility, asked for by offices in turn."""
    from tests.leak.world import words

    cast, operations = world.cast, world.records[Operation]
    askers = [(cast.team, cast.owner), (cast.police, cast.other_component), (cast.sector, cast.outsider)]
    for index, asset in enumerate(world.records[Asset]):
        for step in range(2):
            operation = operations[(index * 3 + step * 7 + 1) % len(operations)]
            office, person = askers[(index + step) % 3]
            number = world.new_item(asset, operation, owners=(asset.owner_office_id, office.pk))
            start = ahead(days=3 + 4 * step)
            booking = BookingFactory(
                asset=asset,
                operation=operation,
                task_key=_task(operation).key if step else None,
                office=office,
                requested_by=person,
                starts_at=start,
                ends_at=start + timedelta(days=3),
                state=STATES[(index + step) % 3],
                **words(Booking, number),
            )
            world.bookings[booking] = number
        out = words(Unavailability, world.new_item(asset))
        world.outs.append(UnavailabilityFactory(asset=asset, **{**out, "struck_reason": ""}))


def _task(operation: Operation) -> OperationTask:
    rows = OperationTask.objects.unscoped(facts.WHY).filter(revision__operation=operation)
    return rows.order_by("pk")[0]
