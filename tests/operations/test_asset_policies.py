"""Who may do what with assets and bookings, as tables: verb, state, who is allowed; others are refused."""

from __future__ import annotations

from typing import Any

import pytest

from operations.models import AssetState, Participation
from operations.models import BookingState as B
from operations.policies import asset as policies
from operations.policies import booking as booking_policies
from tests.factories.cast import Cast
from tests.factories.core import DelegationFactory, HoldingFactory, PersonFactory
from tests.factories.operations import OperationFactory
from tests.factories.operations_assets import BookingFactory, truck_of
from tests.operations.steps import drafted, post_of

# The delegate deputises for the owner, so acts for the team.
TEAM = {"owner", "colleague", "head", "delegate"}
HOLDERS = {"head_above", "auditor"}
ASSETS: list[tuple[str, dict[str, set[str]]]] = [
    ("can_edit", {AssetState.IN_SERVICE: HOLDERS, AssetState.UNDER_REPAIR: HOLDERS}),
    ("can_block", {AssetState.IN_SERVICE: HOLDERS, AssetState.UNDER_REPAIR: HOLDERS}),
    ("can_withdraw", {AssetState.IN_SERVICE: HOLDERS, AssetState.UNDER_REPAIR: HOLDERS}),
    ("can_send_to_repair", {AssetState.IN_SERVICE: HOLDERS}),
    ("can_return_to_service", {AssetState.UNDER_REPAIR: HOLDERS}),
]
# Asked for by the team's owner; the head of headquarters decides.
BOOKINGS: list[tuple[str, dict[str, set[str]]]] = [
    ("can_confirm", {B.REQUESTED: {"head_above"}}),
    ("can_decline", {B.REQUESTED: {"head_above"}}),
    ("can_cancel", {B.REQUESTED: TEAM}),
    ("can_release", {B.CONFIRMED: TEAM | HOLDERS}),
    ("can_move", {B.REQUESTED: TEAM, B.CONFIRMED: HOLDERS}),
]


def allowed(cast: Cast, policy: Any, record: Any) -> set[str]:
    return {name for name, person in cast.everyone().items() if policy(person, record)}


@pytest.mark.parametrize("state", list(AssetState))
def test_verbs_of_an_asset_are_allowed_to(cast: Cast, state: str) -> None:
    asset = truck_of(cast.hq, cast.head_above, state=state)
    told = {verb: allowed(cast, getattr(policies, verb), asset) for verb, _where in ASSETS}
    assert told == {verb: where.get(state, set()) for verb, where in ASSETS}


def booked(cast: Cast, state: str, **changed: Any) -> Any:
    asset = truck_of(cast.hq, cast.head_above)
    fields = {"office": cast.team, "requested_by": cast.owner, "decider": post_of(cast.head_above)}
    return BookingFactory(asset=asset, state=state, **(fields | changed))


@pytest.mark.parametrize("state", list(B))
def test_verbs_of_a_booking_are_allowed_to(cast: Cast, state: str) -> None:
    booking = booked(cast, state)
    told = {verb: allowed(cast, getattr(booking_policies, verb), booking) for verb, _where in BOOKINGS}
    assert told == {verb: where.get(state, set()) for verb, where in BOOKINGS}


def test_entering_needs_a_current_post(cast: Cast) -> None:
    refused = {name for name, person in cast.everyone().items() if not policies.can_register(person)}
    assert refused == {"postless", "inactive"}


def test_nobody_decides_on_their_own_request_whichever_post_they_hold(cast: Cast) -> None:
    booking = booked(cast, B.REQUESTED)
    HoldingFactory(person=cast.owner, position=post_of(cast.head_above))
    deputy = PersonFactory(family_name="Deputy")
    HoldingFactory(person=deputy, position=post_of(cast.colleague))
    DelegationFactory(position=post_of(cast.head_above), delegator=cast.owner, delegate=deputy)
    for person in (cast.owner, deputy):
        assert post_of(cast.head_above).pk in person.access.positions
        assert not booking_policies.can_confirm(person, booking)
        assert not booking_policies.can_decline(person, booking)
    assert booking_policies.can_confirm(cast.head_above, booking)


def test_head_above_decides_where_the_position_asked_does_not(cast: Cast) -> None:
    asset = truck_of(cast.police, cast.other_component)
    booking = BookingFactory(
        asset=asset, office=cast.team, requested_by=cast.owner, decider=post_of(cast.other_component)
    )
    assert allowed(cast, booking_policies.can_confirm, booking) == {"other_component", "head_above"}


@pytest.mark.parametrize(
    ("state", "published", "who"),
    [
        ("draft", False, TEAM),
        ("staffing", True, TEAM | {"other_component", "group_member", "delegate"}),
        ("active", True, TEAM | {"other_component", "group_member", "delegate"}),
        ("completed", True, set()),
        ("cancelled", True, set()),
    ],
)
def test_lead_and_support_ask_while_the_operation_runs(
    cast: Cast, state: str, published: bool, who: set[str]
) -> None:
    operation: Any = OperationFactory(
        owner_office=cast.team, author=cast.owner, state=state, published=published
    )
    Participation.objects.create(operation=operation, office=cast.police, role="support")
    Participation.objects.create(operation=operation, office=cast.country_office, role="informed")
    assert allowed(cast, booking_policies.can_request, operation) == who


def test_partners_ask_for_the_missions_assets_by_another_door(cast: Cast) -> None:
    trucks = truck_of(cast.hq, cast.head_above), truck_of(cast.country_office, cast.partner)
    assert [bool(policies.can_ask_for(cast.partner, truck)) for truck in trucks] == [False, True]
    assert "request for assistance" in getattr(policies.can_ask_for(cast.partner, trucks[0]), "reason", "")


def test_lead_office_gives_back_what_a_supporting_office_booked(cast: Cast) -> None:
    operation = drafted(cast)
    booking = booked(
        cast, B.CONFIRMED, office=cast.police, requested_by=cast.other_component, operation=operation
    )
    assert booking_policies.can_release(cast.owner, booking)
