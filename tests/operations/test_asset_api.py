"""Assets and bookings in the API: entered, asked for, answered, given back."""

from __future__ import annotations

from typing import Any

import pytest

from operations.models import Booking
from operations.models import BookingState as B
from tests.factories.cast import Cast
from tests.factories.core import ahead
from tests.factories.operations_assets import AssetKindFactory, BookingFactory, truck_of
from tests.operations.steps import drafted
from tests.support.facts import WHY
from tests.support.pages import signed_in

pytestmark = pytest.mark.django_db
ASSETS, BOOKINGS = "/api/v1/assets/", "/api/v1/bookings/"


def send(person: Any, path: str, data: dict[str, Any], method: str = "post") -> Any:
    return getattr(signed_in(person), method)(path, data, content_type="application/json")


def written(cast: Cast, **changed: Any) -> dict[str, Any]:
    fields = {
        "office": cast.team.pk,
        "name": "Truck platoon",
        "kind": AssetKindFactory().pk,
        "capacity": "32.5",
        "capacity_unit": "tonnes",
        "audience_components": [1, 2],
    }
    return {**fields, **changed}


def test_asset_is_entered_changed_blocked_and_withdrawn(cast: Cast) -> None:
    answer = send(cast.owner, ASSETS, written(cast))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["capacity"], told["taken"]) == ("in_service", "32.5", [])
    one = f"{ASSETS}{told['reference']}/"
    changed = written(cast, name="Trucks", version=1)
    del changed["office"]
    assert send(cast.owner, one, changed, "put").json()["name"] == "Trucks"
    block = {"version": 2, "starts_at": ahead(days=2), "ends_at": None, "reason": "Loan"}
    answer = send(cast.owner, f"{one}block/", block)
    (taken,) = answer.json()["taken"]
    assert (taken["is_out"], taken["why"], taken["ends_at"]) == (True, "Loan", None)
    unblock = {"version": 3, "unavailability": taken["unavailability"], "reason": "Back"}
    assert send(cast.owner, f"{one}unblock/", unblock).json()["taken"] == []
    assert (
        send(cast.owner, f"{one}repair/", {"version": 4, "reason": "Axle"}).json()["state"] == "under_repair"
    )
    assert send(cast.owner, f"{one}return/", {"version": 5}).json()["state"] == "in_service"
    assert send(cast.owner, f"{one}withdraw/", {"version": 5, "reason": "Sold"}).status_code == 409
    assert (
        send(cast.owner, f"{one}withdraw/", {"version": 6, "reason": "Sold"}).json()["state"] == "withdrawn"
    )


def test_what_is_wrong_is_named_by_its_field(cast: Cast) -> None:
    answer = send(cast.owner, ASSETS, written(cast, capacity_unit=""))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"capacity_unit"}
    assert send(cast.owner, ASSETS, written(cast, office=cast.hq.pk)).status_code == 403


def booking_of(cast: Cast, operation: Any, asset: Any, **changed: Any) -> dict[str, Any]:
    fields = {
        "operation": operation.reference,
        "asset": asset.reference,
        "starts_at": ahead(days=5),
        "ends_at": ahead(days=6),
        "purpose": "Carry the ballot boxes",
        "office": cast.team.pk,
    }
    return {**fields, **changed}


def test_request_is_confirmed_moved_and_released(cast: Cast) -> None:
    operation, truck = drafted(cast), truck_of(cast.hq, cast.head_above)
    answer = send(cast.owner, BOOKINGS, booking_of(cast, operation, truck))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["operation"], told["asset"]) == (
        "requested",
        operation.reference,
        truck.reference,
    )
    one = f"{BOOKINGS}{told['id']}/"
    assert send(cast.owner, f"{one}confirm/", {"version": 1}).status_code == 403
    assert send(cast.head_above, f"{one}confirm/", {"version": 1}).json()["state"] == "confirmed"
    again = send(cast.owner, BOOKINGS, booking_of(cast, operation, truck))
    assert again.status_code == 422
    assert "is taken from" in again.json()["errors"]["asset"][0]
    moved = {"version": 2, "starts_at": ahead(days=8), "ends_at": ahead(days=9)}
    assert send(cast.head_above, f"{one}move/", moved).json()["version"] == 3
    assert send(cast.owner, f"{one}release/", {"version": 3, "reason": "Rain"}).json()["state"] == "released"


def test_request_is_declined_or_taken_back(cast: Cast) -> None:
    truck = truck_of(cast.hq, cast.head_above)
    given = {"asset": truck, "office": cast.team, "requested_by": cast.owner}
    first, second = BookingFactory(**given), BookingFactory(**given)
    sent = {"version": 1, "reason": "No crew"}
    told = send(cast.head_above, f"{BOOKINGS}{first.pk}/decline/", sent).json()
    assert (told["state"], told["reason"]) == ("declined", "No crew")
    assert send(cast.owner, f"{BOOKINGS}{second.pk}/cancel/", sent).json()["state"] == "cancelled"


def test_holder_is_not_told_of_a_hidden_operation(cast: Cast) -> None:
    booking = BookingFactory(
        asset=truck_of(cast.police, cast.other_component),
        operation=drafted(cast),
        office=cast.team,
        requested_by=cast.owner,
    )
    told = signed_in(cast.other_component).get(f"{BOOKINGS}{booking.pk}/").json()
    assert (told["purpose"], told["operation"], told["task"]) == (booking.purpose, None, None)
    assert signed_in(cast.partner).get(f"{BOOKINGS}{booking.pk}/").status_code == 404


def test_hidden_asset_or_operation_is_as_if_it_were_not_there(cast: Cast) -> None:
    operation = drafted(cast)
    hidden = truck_of(cast.country_office, cast.partner, audience_components=[])
    answer = send(cast.owner, BOOKINGS, booking_of(cast, operation, hidden))
    assert answer.status_code in (400, 422)
    assert set(answer.json()["errors"]) == {"asset"}
    sent = booking_of(cast, operation, truck_of(cast.police, cast.other_component), office=cast.police.pk)
    answer = send(cast.other_component, BOOKINGS, sent)
    assert set(answer.json()["errors"]) == {"operation"}
    assert not Booking.objects.unscoped(WHY).exists()


def test_list_is_filtered(cast: Cast) -> None:
    truck = truck_of(cast.hq, cast.head_above)
    BookingFactory(asset=truck, office=cast.team, requested_by=cast.owner, state=B.CONFIRMED)
    client = signed_in(cast.owner)
    assert client.get(f"{BOOKINGS}?state=confirmed").json()["count"] == 1
    assert client.get(f"{BOOKINGS}?state=requested").json()["count"] == 0
    assert client.get(f"{ASSETS}?q=asset").json()["count"] == 1
