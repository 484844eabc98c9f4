"""Bookings under chance: whatever is tried in whatever order, no asset is promised twice."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cimic_portal.core.errors import PortalError
from operations.models import Asset, Booking, Occupancy, Operation, Unavailability
from operations.models import BookingState as B
from operations.services import asset as assets
from operations.services import booking as bookings
from operations.services.booking_ends import end_past_bookings
from operations.services.conduct import cancel_operation
from tests.factories.cast import Cast
from tests.factories.operations_assets import asked, truck_of
from tests.operations.steps import drafted
from tests.support.facts import WHY

pytestmark = pytest.mark.django_db

# Every way from one state to another; what is not here never happens.
WAYS = {
    *((B.REQUESTED, state) for state in (B.CONFIRMED, B.DECLINED, B.CANCELLED)),
    *((B.CONFIRMED, state) for state in (B.RELEASED, B.ENDED)),
}
PEOPLE = ("owner", "colleague", "delegate", "head_above", "other_component", "outsider", "partner")
HOURS = st.integers(-30, 40)


class World:
    """Two assets, of the team and of headquarters; two operations."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, timezone.now().replace(minute=0, second=0, microsecond=0)
        self.assets = [truck_of(cast.team, cast.colleague), truck_of(cast.hq, cast.head_above)]
        self.operations = [drafted(cast), drafted(cast)]

    def at(self, hours: int) -> Any:
        return self.now + timedelta(hours=hours)

    def step(self, verb: str, who: str, pick: int, start: int, length: int) -> None:
        """One verb on whatever `pick` points at, on its newest version."""
        actor = getattr(self.cast, who)
        asset = self.assets[pick % 2]
        rows = list(Booking.objects.unscoped(WHY).order_by("pk"))
        times = {"starts_at": self.at(start), "ends_at": self.at(start + length)}
        if verb == "request":
            data = asked(self.cast, asset, **{"start": times["starts_at"], "end": times["ends_at"]})
            bookings.request_asset(self.operations[pick % 3 % 2], data, actor=actor)
        elif verb in ("block", "unblock", "repair", "return", "withdraw"):
            self._asset(verb, asset, actor, times)
        elif verb == "cancel operation":
            operation = self.operations[pick % 2]
            operation.refresh_from_db()
            cancel_operation(operation, actor=actor, version=operation.version, reason="Rain")
        elif verb == "sweep":
            end_past_bookings(self.at(length))
        elif rows:
            self._booking(verb, rows[pick % len(rows)], actor, times)

    def _booking(self, verb: str, row: Booking, actor: Any, times: dict[str, Any]) -> None:
        given: dict[str, Any] = {"actor": actor, "version": row.version}
        if verb == "confirm":
            bookings.confirm_booking(row, **given)
        elif verb == "move":
            bookings.move_booking(row, **given, **times)
        else:
            done = {
                "decline": bookings.decline_booking,
                "cancel": bookings.cancel_booking,
                "release": bookings.release_booking,
            }[verb]
            done(row, **given, reason="So")

    def _asset(self, verb: str, asset: Asset, actor: Any, times: dict[str, Any]) -> None:
        asset.refresh_from_db()
        given: dict[str, Any] = {"actor": actor, "version": asset.version}
        if verb == "block":
            assets.block_asset(asset, **given, **times, reason="Service")
        elif verb == "unblock":
            row = Unavailability.objects.unscoped(WHY).filter(asset=asset).order_by("-pk").first()
            assets.unblock_asset(asset, **given, unavailability=row.pk if row else 1, reason="Done")
        elif verb == "repair":
            assets.send_to_repair(asset, **given, reason="Axle", back_at=times["ends_at"])
        elif verb == "return":
            assets.return_to_service(asset, **given)
        else:
            assets.withdraw_asset(asset, **given, reason="Sold")


VERBS = (
    *("request", "request", "request", "confirm", "confirm", "decline", "cancel", "release", "move", "move"),
    *("block", "unblock", "repair", "return", "withdraw", "cancel operation", "sweep"),
)
STEPS = st.tuples(
    st.sampled_from(VERBS), st.sampled_from(PEOPLE), st.integers(0, 11), HOURS, st.integers(-2, 30)
)


def states() -> dict[int, str]:
    return dict(Booking.objects.unscoped(WHY).values_list("pk", "state"))


def check(before: dict[int, str]) -> None:
    """What holds after every step."""
    for pk, state in states().items():
        was = before.get(pk)
        assert was in (None, state) or (was, state) in WAYS, (was, state)
    rows = list(Booking.objects.unscoped(WHY).select_related("asset"))
    spans = [
        (row.asset_id, row.starts_at, row.held_until)
        for row in rows
        if row.state in (B.CONFIRMED, B.ENDED, B.RELEASED) and row.held_until > row.starts_at
    ]
    outs = Unavailability.objects.unscoped(WHY).filter(struck_reason="")
    spans += [(row.asset_id, row.starts_at, row.ends_at) for row in outs if row.ends_at is not None]
    for (asset, start, end), (other, since, until) in itertools.combinations(spans, 2):
        assert asset != other or end <= since or until <= start, "promised twice"
    kept = Occupancy.objects.unscoped(WHY).values_list("asset_id", "starts_at", "ends_at")
    assert sorted(kept) == sorted(spans)
    decided = [row for row in rows if row.state == B.DECLINED or (row.decider_id and row.decided_by_id)]
    assert all(row.decided_by_id != row.requested_by_id for row in decided)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=st.lists(STEPS, max_size=25))
def test_random_verbs_never_promise_an_asset_twice(cast: Cast, walk: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        world = World(cast)
        for step in walk:
            before = states()
            try:
                world.step(*step)
            except (PortalError, Booking.DoesNotExist, Asset.DoesNotExist, Operation.DoesNotExist):
                assert states() == before
            check(before)
        transaction.set_rollback(True)


def test_usual_walk_reaches_its_end(cast: Cast) -> None:
    """So that chance cannot pass because everything is refused."""
    world = World(cast)
    for step in (
        ("request", "owner", 0, 5, 10),
        ("request", "owner", 1, 5, 10),
        ("confirm", "head_above", 1, 0, 0),
        ("move", "head_above", 1, 6, 10),
        ("block", "head_above", 1, 20, 4),
        ("release", "colleague", 1, 0, 0),
        ("cancel operation", "owner", 0, 0, 0),
    ):
        world.step(*step)
        check({})
    assert sorted(states().values()) == [B.RELEASED, B.RELEASED]
