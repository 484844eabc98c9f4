"""Asking for assets and answering: who decides, what collides, who is told, what ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cimic_portal.core.errors import InvalidError, RefusedError, StaleError
from cimic_portal.core.models import OutboxEntry
from operations.models import BookedFor, Booking, DueDiligence, Occupancy, Operation
from operations.models import BookingState as B
from operations.services import asset as assets
from operations.services import booking as bookings
from operations.services.booking_ends import end_past_bookings, escalate_overdue_requests
from operations.services.conduct import cancel_operation, complete_operation
from tests.factories.cast import Cast
from tests.factories.core import PositionFactory, ago, ahead
from tests.factories.operations import OperationFactory
from tests.factories.operations_assets import BookingFactory, asked, truck_of
from tests.operations.steps import drafted, post_of
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation(cast: Cast) -> Operation:
    return drafted(cast)


def told(kind: str) -> list[dict[str, Any]]:
    """What is to be told of this kind, in order."""
    rows = OutboxEntry.objects.filter(kind="core.tell").order_by("pk")
    return [row.payload for row in rows if row.payload["kind"] == kind]


def taken(asset: Any) -> list[tuple[Any, Any]]:
    rows = Occupancy.objects.unscoped(WHY).filter(asset=asset).order_by("starts_at")
    return list(rows.values_list("starts_at", "ends_at"))


class TestRequest:
    def test_own_office_books_at_once(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.team, cast.colleague)
        data = asked(cast, truck)
        booking = bookings.request_asset(operation, data, actor=cast.owner)
        assert (booking.state, booking.decided_by, booking.decider) == (B.CONFIRMED, cast.owner, None)
        assert taken(truck) == [(data.starts_at, data.ends_at)]
        assert told("booking.requested") == []

    def test_other_office_is_asked_through_its_head(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.hq, cast.head_above)
        booking = bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        assert (booking.state, booking.decider) == (B.REQUESTED, post_of(cast.head_above))
        assert taken(truck) == []
        assert told("booking.requested")[0]["positions"] == [post_of(cast.head_above).pk]

    def test_named_decider_is_asked_while_somebody_holds_the_post(
        self, cast: Cast, operation: Operation
    ) -> None:
        named, vacant = post_of(cast.other_component), PositionFactory(office=cast.hq)
        truck = truck_of(cast.hq, cast.head_above, decider=named)
        empty = truck_of(cast.hq, cast.head_above, decider=vacant)
        assert bookings.request_asset(operation, asked(cast, truck), actor=cast.owner).decider == named
        passed_up = bookings.request_asset(operation, asked(cast, empty), actor=cast.owner)
        assert passed_up.decider == post_of(cast.head_above)

    def test_nobody_who_could_decide_is_told_at_once(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.police, cast.other_component)
        cast.head_above.is_active = False
        cast.head_above.save()
        with pytest.raises(RefusedError, match="Nobody can decide"):
            bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"ends_at": ahead(days=4)}, "ends_at"),
            ({"starts_at": ago(days=3), "ends_at": ago(days=2)}, "ends_at"),
            ({"ends_at": ahead(days=4000)}, "ends_at"),
            ({"purpose": "  "}, "purpose"),
            ({"task": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}, "task"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(
        self, cast: Cast, operation: Operation, changed: dict[str, Any], field: str
    ) -> None:
        data = asked(cast, truck_of(cast.team, cast.colleague), **changed)
        with pytest.raises(InvalidError) as error:
            bookings.request_asset(operation, data, actor=cast.owner)
        assert list(error.value.fields) == [field]

    def test_for_an_office_of_ones_own(self, cast: Cast, operation: Operation) -> None:
        data = asked(cast, truck_of(cast.team, cast.colleague), office=cast.hq)
        with pytest.raises(InvalidError, match="office"):
            bookings.request_asset(operation, data, actor=cast.owner)


class TestCollision:
    def test_tells_until_when_and_for_what(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.team, cast.colleague)
        first = bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        with pytest.raises(InvalidError) as error:
            bookings.request_asset(operation, asked(cast, truck, ahead(days=6)), actor=cast.colleague)
        (words,) = error.value.fields["asset"]
        assert "Market days" in words
        assert f"{first.ends_at:%Y}" in words

    def test_never_names_an_operation_that_is_hidden(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.team, cast.colleague, audience_components=[1, 2, 3])
        hidden = OperationFactory(owner_office=cast.hq, author=cast.head_above, title="Silent Heron")
        BookingFactory(
            asset=truck,
            operation=hidden,
            office=cast.hq,
            state=B.CONFIRMED,
            requested_by=cast.head_above,
        )
        with pytest.raises(InvalidError) as error:
            bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        (words,) = error.value.fields["asset"]
        assert "is taken from" in words
        assert "Heron" not in words

    def test_ends_meet_without_collision(self, cast: Cast, operation: Operation) -> None:
        truck, middle = truck_of(cast.team, cast.colleague), ahead(days=6)
        bookings.request_asset(operation, asked(cast, truck, end=middle), actor=cast.owner)
        bookings.request_asset(operation, asked(cast, truck, middle), actor=cast.owner)
        assert len(taken(truck)) == 2

    def test_time_out_of_service_blocks_and_is_blocked(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.team, cast.colleague)
        given = {"actor": cast.owner, "starts_at": ahead(days=6), "ends_at": ahead(days=8)}
        blocked = assets.block_asset(truck, version=1, reason="500-hour service.", **given)
        with pytest.raises(InvalidError, match="500-hour service"):
            bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        booked = bookings.request_asset(
            operation, asked(cast, truck, ahead(days=9), ahead(days=10)), actor=cast.owner
        )
        with pytest.raises(InvalidError, match="Release that booking first"):
            assets.block_asset(
                blocked, actor=cast.owner, version=2, starts_at=ahead(days=9), ends_at=None, reason="Loan"
            )
        assert booked.state == B.CONFIRMED

    def test_database_itself_refuses_an_overlap(self, cast: Cast) -> None:
        truck = truck_of(cast.team, cast.colleague)
        given = {"asset": truck, "office": cast.team, "requested_by": cast.owner, "state": B.CONFIRMED}
        BookingFactory(**given)
        with pytest.raises(IntegrityError, match="occupancy_once_at_a_time"), transaction.atomic():
            BookingFactory(**given, starts_at=ahead(days=6), ends_at=ahead(days=6, hours=1))
        waiting = BookingFactory(**{**given, "state": B.REQUESTED})
        with pytest.raises(IntegrityError, match="occupancy_once_at_a_time"), transaction.atomic():
            Booking.objects.unscoped(WHY).filter(pk=waiting.pk).update(
                state=B.CONFIRMED, decided_by=cast.owner
            )


class TestAnswer:
    @pytest.fixture
    def booking(self, cast: Cast, operation: Operation) -> Booking:
        truck = truck_of(cast.hq, cast.head_above)
        return bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)

    def test_confirmed_by_the_position_asked(self, cast: Cast, booking: Booking) -> None:
        done = bookings.confirm_booking(booking, actor=cast.head_above, version=1)
        assert (done.state, done.decided_by, done.version) == (B.CONFIRMED, cast.head_above, 2)
        assert len(taken(booking.asset)) == 1
        assert told("booking.confirmed")[0]["people"] == [cast.owner.pk]

    def test_two_may_ask_and_one_is_confirmed(
        self, cast: Cast, operation: Operation, booking: Booking
    ) -> None:
        second = bookings.request_asset(operation, asked(cast, booking.asset), actor=cast.colleague)
        bookings.confirm_booking(booking, actor=cast.head_above, version=1)
        with pytest.raises(InvalidError, match="is taken from"):
            bookings.confirm_booking(second, actor=cast.head_above, version=1)
        second.refresh_from_db()
        assert second.state == B.REQUESTED

    def test_declined_with_reason(self, cast: Cast, booking: Booking) -> None:
        with pytest.raises(InvalidError):
            bookings.decline_booking(booking, actor=cast.head_above, version=1, reason=" ")
        done = bookings.decline_booking(
            booking, actor=cast.head_above, version=1, reason="The crew is on leave"
        )
        assert (done.state, done.reason, taken(booking.asset)) == (B.DECLINED, "The crew is on leave", [])
        assert told("booking.declined")

    def test_an_older_version_is_refused(self, cast: Cast, booking: Booking) -> None:
        bookings.move_booking(
            booking, actor=cast.owner, version=1, starts_at=ahead(days=8), ends_at=ahead(days=9)
        )
        with pytest.raises(StaleError):
            bookings.confirm_booking(booking, actor=cast.head_above, version=1)

    def test_taken_back_before_the_answer(self, cast: Cast, booking: Booking) -> None:
        done = bookings.cancel_booking(booking, actor=cast.colleague, version=1, reason="Postponed")
        assert done.state == B.CANCELLED
        assert told("booking.cancelled")[0]["positions"] == [post_of(cast.head_above).pk]

    def test_released_ahead_leaves_nothing_and_during_what_was_used(
        self, cast: Cast, booking: Booking
    ) -> None:
        bookings.confirm_booking(booking, actor=cast.head_above, version=1)
        bookings.release_booking(booking, actor=cast.owner, version=2, reason="Bridge is open")
        assert taken(booking.asset) == []
        begun = BookingFactory(
            asset=booking.asset,
            office=cast.team,
            requested_by=cast.owner,
            state=B.CONFIRMED,
            starts_at=ago(hours=5),
        )
        bookings.release_booking(begun, actor=cast.head_above, version=1, reason="Broken down")
        ((start, end),) = taken(booking.asset)
        assert timedelta(hours=4) < end - start < timedelta(hours=6)

    def test_moved_asset_is_free_before(self, cast: Cast, booking: Booking) -> None:
        bookings.confirm_booking(booking, actor=cast.head_above, version=1)
        new = {"starts_at": ahead(days=6), "ends_at": ahead(days=9)}
        with pytest.raises(RefusedError):
            bookings.move_booking(booking, actor=cast.owner, version=2, **new)
        bookings.move_booking(booking, actor=cast.head_above, version=2, **new)
        assert taken(booking.asset) == [(new["starts_at"], new["ends_at"])]


class TestDiligence:
    """Support to forces outside the UN is not promised before the assessment allows it."""

    @pytest.fixture
    def supported(self, cast: Cast) -> Operation:
        return drafted(cast, non_un_support=True)

    def assess(self, cast: Cast, operation: Operation, decision: str) -> None:
        DueDiligence.objects.create(
            operation=operation,
            supported="Gendarmerie",
            risk="Low",
            monitoring="Weekly",
            decision=decision,
            assessed_by=cast.owner,
        )

    def test_own_asset_waits_for_the_assessment(self, cast: Cast, supported: Operation) -> None:
        truck = truck_of(cast.team, cast.colleague)
        with pytest.raises(RefusedError, match="not recorded"):
            bookings.request_asset(supported, asked(cast, truck), actor=cast.owner)
        self.assess(cast, supported, "mitigate")
        assert bookings.request_asset(supported, asked(cast, truck), actor=cast.owner).state == B.CONFIRMED

    def test_withheld_support_is_not_confirmed(self, cast: Cast, supported: Operation) -> None:
        truck = truck_of(cast.hq, cast.head_above)
        booking = bookings.request_asset(supported, asked(cast, truck), actor=cast.owner)
        self.assess(cast, supported, "withhold")
        with pytest.raises(RefusedError, match="withheld"):
            bookings.confirm_booking(booking, actor=cast.head_above, version=1)

    def test_reason_tells_nothing_of_a_hidden_operation(self, cast: Cast, supported: Operation) -> None:
        truck = truck_of(cast.police, cast.other_component, decider=post_of(cast.other_component))
        booking = bookings.request_asset(supported, asked(cast, truck), actor=cast.owner)
        with pytest.raises(RefusedError) as error:
            bookings.confirm_booking(booking, actor=cast.other_component, version=1)
        assert "diligence" not in str(error.value.message)
        assert "Liaison team has a step to take" in error.value.message


class TestEnds:
    def booked(self, cast: Cast, operation: Any) -> dict[str, Booking]:
        given = {"office": cast.team, "requested_by": cast.owner, "operation": operation}

        def one(**fields: Any) -> Booking:
            return BookingFactory(asset=truck_of(cast.hq, cast.head_above), **given, **fields)

        return {
            "waits": one(),
            "ahead": one(state=B.CONFIRMED),
            "begun": one(state=B.CONFIRMED, starts_at=ago(hours=3)),
            "other": BookingFactory(
                asset=truck_of(cast.hq, cast.head_above),
                office=cast.team,
                requested_by=cast.owner,
                state=B.CONFIRMED,
            ),
        }

    @pytest.mark.parametrize("end", ["complete", "cancel"])
    def test_operation_that_ends_frees_its_assets(self, cast: Cast, end: str) -> None:
        operation: Any = OperationFactory(owner_office=cast.team, author=cast.owner, state="active")
        rows = self.booked(cast, operation)
        if end == "complete":
            complete_operation(operation, actor=cast.owner, version=1)
        else:
            cancel_operation(operation, actor=cast.owner, version=1, reason="Rain")
        states = {}
        for name, row in rows.items():
            row.refresh_from_db()
            states[name] = row.state
        assert states == {
            "waits": B.CANCELLED,
            "ahead": B.RELEASED,
            "begun": B.ENDED,
            "other": B.CONFIRMED,
        }
        assert taken(rows["ahead"].asset) == []
        assert len(told("booking.freed")) == 3

    def test_what_is_over_ends_and_what_nobody_answered_lapses(self, cast: Cast) -> None:
        given = {"office": cast.team, "requested_by": cast.owner, "starts_at": ago(days=2)}
        done = BookingFactory(
            asset=truck_of(cast.hq, cast.head_above), state=B.CONFIRMED, ends_at=ago(hours=1), **given
        )
        silent = BookingFactory(asset=truck_of(cast.hq, cast.head_above), ends_at=ago(hours=1), **given)
        assert end_past_bookings() == 2
        done.refresh_from_db()
        silent.refresh_from_db()
        assert (done.state, silent.state) == (B.ENDED, B.CANCELLED)
        assert len(taken(done.asset)) == 1
        assert len(told("booking.lapsed")) == 1
        assert end_past_bookings() == 0

    def test_overdue_request_is_escalated_once_and_never_confirmed(
        self, cast: Cast, operation: Operation
    ) -> None:
        truck = truck_of(cast.police, cast.other_component, decider=post_of(cast.other_component))
        booking = bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        later = ahead(days=3)
        assert escalate_overdue_requests() == 0
        assert (escalate_overdue_requests(later), escalate_overdue_requests(later)) == (1, 0)
        (news,) = told("booking.overdue")
        asked_ones = {post_of(cast.other_component).pk, post_of(cast.head_above).pk}
        assert (set(news["positions"]), news["people"]) == (asked_ones, [cast.owner.pk])
        booking.refresh_from_db()
        assert booking.state == B.REQUESTED

    def test_withdrawn_asset_takes_its_bookings_along(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.hq, cast.head_above)
        waits = bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        held = BookingFactory(asset=truck, office=cast.team, requested_by=cast.owner, state=B.CONFIRMED)
        assets.withdraw_asset(truck, actor=cast.head_above, version=1, reason="Sold")
        waits.refresh_from_db()
        held.refresh_from_db()
        assert (waits.state, held.state, held.reason) == (B.DECLINED, B.RELEASED, "Sold")

    def test_repair_is_told_and_keeps_what_was_promised(self, cast: Cast, operation: Operation) -> None:
        truck = truck_of(cast.hq, cast.head_above)
        held = BookingFactory(asset=truck, office=cast.team, requested_by=cast.owner, state=B.CONFIRMED)
        back = ahead(days=6)
        assets.send_to_repair(truck, actor=cast.head_above, version=1, reason="Axle", back_at=back)
        held.refresh_from_db()
        assert held.state == B.CONFIRMED
        assert told("asset.repair")[0]["people"] == [cast.owner.pk]
        with pytest.raises(InvalidError, match="under repair"):
            bookings.request_asset(
                operation, asked(cast, truck, ahead(hours=1), ahead(days=1)), actor=cast.owner
            )
        bookings.request_asset(operation, asked(cast, truck, ahead(days=8), ahead(days=9)), actor=cast.owner)

    def test_bookings_are_named_by_what_stays_through_revisions(
        self, cast: Cast, operation: Operation
    ) -> None:
        truck = truck_of(cast.team, cast.colleague)
        booking = bookings.request_asset(operation, asked(cast, truck), actor=cast.owner)
        use = BookedFor.objects.visible_to(cast.owner).get(booking=booking)
        assert use.operation == operation
