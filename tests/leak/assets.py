"""Assets over time, their bookings, and what is booked for operations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from operations.models import Asset, Operation
from tests.leak.surfaces import STALE, surface
from tests.leak.visitor import Visitor

STEPS = ("confirm", "decline", "move", "cancel", "release")


def _expected(visitor: Visitor) -> set[int]:
    told = visitor.world.may_be_told(visitor.person)
    return {number for number in visitor.world.bookings.values() if number in told}


@surface("bookings", "bookings", "bookings_csv", "bookings_xlsx", "api:booking-list")
def _bookings(visitor: Visitor) -> None:
    """Files and API tell what each is for; the page names assets and operations alone."""
    among, expected = set(visitor.world.bookings.values()), _expected(visitor)
    page = visitor.get(reverse("bookings"))
    if visitor.enters and f"{len(expected)} you can see" not in page.said:
        visitor.fault(f"bookings: does not say that there are {len(expected)}")
    for name in ("bookings_csv", "bookings_xlsx", "api:booking-list"):
        answer = visitor.get(f"{reverse(name)}{'?limit=200' if name.startswith('api') else ''}")
        if visitor.enters:
            visitor.must_tell(name, answer.said, expected, among)


@surface(
    "one booking",
    "booking",
    "booking_verb",
    "api:booking-detail",
    *(f"api:booking-{step}" for step in STEPS),
)
def _one_booking(visitor: Visitor) -> None:
    """There for the two offices and for those who see the operation; for others it does not exist."""
    expected = _expected(visitor)
    for index, (booking, number) in visitor.some(enumerate(visitor.world.bookings.items())):
        step = STEPS[index % len(STEPS)]
        sent = {"version": STALE, "reason": "Why"}
        verb, api = reverse("booking_verb", args=[booking.pk, step]), f"api:booking-{step}"
        answers: list[tuple[str, Any]] = [
            (reverse("booking", args=[booking.pk]), None),
            (reverse("api:booking-detail", args=[booking.pk]), None),
            (verb, None),
            (verb, visitor.post(verb, sent)),
        ]
        address = reverse(api, args=[booking.pk])
        answers.append((address, visitor.post_json(address, sent)))
        for address, given in answers:
            answer = given or visitor.get(address)
            if visitor.enters and (answer.status_code == 404) == (number in expected):
                visitor.fault(f"{address}: {answer.status_code}, expected there: {number in expected}")


@surface("assets over time", "asset_load", "asset_calendar", "asset_unblock")
def _over_time(visitor: Visitor) -> None:
    """Everybody who sees an asset sees when it is taken, and only some for what."""
    answer = visitor.get(reverse("asset_load"))
    if visitor.enters:
        every = {visitor.world.number_of[one] for one in visitor.world.records[Asset]}
        visitor.must_tell("asset_load", answer.said, visitor.visible(Asset), every)
    for asset in visitor.some(visitor.world.records[Asset]):
        address = reverse("asset_calendar", args=[asset.reference])
        visitor.must_open(address, asset)
        visitor.get(f"{address}?month={asset.created_at:%Y-%m}")
    for out in visitor.some(visitor.world.outs):
        address = reverse("asset_unblock", args=[out.asset.reference, out.pk])
        visitor.must_open(address, out.asset)
        sent = {"version": STALE, "reason": "Why"}
        visitor.must_open(address, out.asset, answer=visitor.post(address, sent))


@surface("assets of operations", "operation_assets", "asset_request")
def _of_operations(visitor: Visitor) -> None:
    """What is booked, what is free, and until when the rest is taken."""
    hidden = visitor.hidden(Asset)
    for operation in visitor.some(visitor.world.records[Operation]):
        visitor.must_open(reverse("operation_assets", args=[operation.reference]), operation)
        address = reverse("asset_request", args=[operation.reference])
        visitor.must_open(address, operation)
        for asset in hidden[:2]:
            visitor.post(address, {"asset": asset.reference, "purpose": "Why", **_times()}, asset.reference)


def _times() -> dict[str, str]:
    return {
        "starts_at_0": "2090-01-01",
        "starts_at_1": "08:00",
        "ends_at_0": "2090-01-02",
        "ends_at_1": "08:00",
    }
