"""Two and more at one asset at the same instant, each with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cimic_portal.core.errors import InvalidError, PortalError
from operations.models import Booking, Occupancy
from operations.models import BookingState as B
from operations.services import asset as assets
from operations.services import booking as bookings
from operations.services.conduct import cancel_operation
from tests.factories.cast import Cast, make_cast
from tests.factories.core import ahead
from tests.factories.operations import OperationFactory
from tests.factories.operations_assets import BookingFactory, asked, truck_of
from tests.operations.steps import drafted
from tests.support.facts import WHY
from tests.support.threads import AtOnce, Step

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Nobody waits for anybody."""
    with AtOnce() as threads:
        for one in works:
            threads.start(one)
        return threads.outcomes()


def confirmed(asset: Any) -> int:
    return Booking.objects.unscoped(WHY).filter(asset=asset, state=B.CONFIRMED).count()


def test_of_many_who_book_at_once_exactly_one_is_confirmed(cast: Cast) -> None:
    """Each for an operation of its own, all for times that meet; nobody's request is lost without a word."""
    truck = truck_of(cast.team, cast.colleague)
    operations = [drafted(cast) for _number in range(MANY)]

    def book(number: int) -> Callable[[], Any]:
        start = ahead(days=5) + timedelta(hours=number)
        data = asked(cast, truck, start, start + timedelta(days=2))
        return lambda: bookings.request_asset(operations[number], data, actor=cast.owner)

    outcomes = at_once(*(book(number) for number in range(MANY)))
    won = [one for one in outcomes if isinstance(one, Booking)]
    told = [one for one in outcomes if isinstance(one, InvalidError)]
    assert (len(won), len(told)) == (1, MANY - 1), outcomes
    assert all("is taken from" in one.fields["asset"][0] for one in told)
    rows = Booking.objects.unscoped(WHY).filter(asset=truck)
    assert [(row.pk, row.state) for row in rows] == [(won[0].pk, B.CONFIRMED)]
    assert Occupancy.objects.unscoped(WHY).filter(asset=truck).count() == 1


def test_of_many_confirmed_at_once_exactly_one_is(cast: Cast) -> None:
    truck = truck_of(cast.hq, cast.head_above)
    rows = [
        bookings.request_asset(drafted(cast), asked(cast, truck), actor=cast.owner) for _number in range(MANY)
    ]
    outcomes = at_once(
        *(lambda row=row: bookings.confirm_booking(row, actor=cast.head_above, version=1) for row in rows)  # type: ignore[misc]
    )
    assert sorted({type(one).__name__ for one in outcomes}) == ["Booking", "InvalidError"], outcomes
    states = list(Booking.objects.unscoped(WHY).filter(asset=truck).values_list("state", flat=True))
    assert sorted(states) == [B.CONFIRMED, *[B.REQUESTED] * (MANY - 1)]


def test_times_that_do_not_meet_are_all_confirmed(cast: Cast) -> None:
    truck = truck_of(cast.team, cast.colleague)
    operations = [drafted(cast) for _number in range(4)]

    def book(number: int) -> Callable[[], Any]:
        start = ahead(days=5) + timedelta(days=number)
        data = asked(cast, truck, start, start + timedelta(hours=20))
        return lambda: bookings.request_asset(operations[number], data, actor=cast.owner)

    outcomes = at_once(*(book(number) for number in range(4)))
    assert [type(one) for one in outcomes] == [Booking] * 4, outcomes
    assert confirmed(truck) == 4


def test_confirmed_and_blocked_at_once_leave_one_of_them(cast: Cast) -> None:
    truck = truck_of(cast.hq, cast.head_above)
    row = bookings.request_asset(drafted(cast), asked(cast, truck), actor=cast.owner)
    outcomes = at_once(
        lambda: bookings.confirm_booking(row, actor=cast.head_above, version=1),
        lambda: assets.block_asset(
            truck,
            actor=cast.head_above,
            version=1,
            starts_at=ahead(days=4),
            ends_at=ahead(days=6),
            reason="Service",
        ),
    )
    assert sum(isinstance(one, PortalError) for one in outcomes) == 1, outcomes
    assert Occupancy.objects.unscoped(WHY).filter(asset=truck).count() == 1


def test_confirmed_while_its_operation_is_cancelled_holds_nothing(cast: Cast) -> None:
    operation: Any = OperationFactory(owner_office=cast.team, author=cast.owner, state="active")
    truck = truck_of(cast.hq, cast.head_above)
    row = BookingFactory(asset=truck, operation=operation, office=cast.team, requested_by=cast.owner)
    outcomes = at_once(
        lambda: bookings.confirm_booking(row, actor=cast.head_above, version=1),
        lambda: cancel_operation(operation, actor=cast.owner, version=1, reason="Rain"),
    )
    assert not isinstance(outcomes[1], Exception), outcomes
    row.refresh_from_db()
    assert row.state in (B.CANCELLED, B.RELEASED)
    assert not Occupancy.objects.unscoped(WHY).filter(asset=truck).exists()


def test_database_itself_holds_two_writers_apart(cast: Cast) -> None:
    """Past the services: each transaction sees the asset free, and still only one stands."""
    truck, step = truck_of(cast.team, cast.owner), Step()

    def write(meanwhile: Callable[[], None] = lambda: None) -> None:
        with transaction.atomic():
            BookingFactory(asset=truck, office=cast.team, requested_by=cast.owner, state=B.CONFIRMED)
            meanwhile()

    with AtOnce() as threads:
        threads.start(lambda: write(step.here))
        step.wait()
        threads.start(write)
        try:
            threads.wait_until_one_is_blocked()
        finally:
            step.release()
        won, told = threads.outcomes()
    assert won is None
    assert isinstance(told, IntegrityError)
    assert confirmed(truck) == 1
