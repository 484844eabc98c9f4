"""Asking for an asset, promising it, declining, moving, giving it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Position
from cimic_portal.core.policies import Decision, Refused, require
from cimic_portal.core.querysets import first_able
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock_part, need_reason, save_changed_part, verb
from operations.models import Asset, AssetRules, BookedFor, Booking, BookingState, Operation
from operations.policies import booking as policies
from operations.policies.asset import can_ask_for, can_keep
from operations.services.booking_checks import (
    lock_asset,
    no_overlap,
    service_problem,
    taken_words,
    task_problems,
    times_problems,
)

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.services.asset_inputs import BookingInput

SHORTEST_ANSWER = timedelta(hours=1)


def request_asset(operation: Operation, data: BookingInput, *, actor: Person) -> Booking:
    """Ask for an asset for an operation; of one's own office it is booked at once.

    Raises RefusedError, or InvalidError with the fields, at `asset` until when it is taken.
    """
    with verb("booking.request", actor=actor):
        rows = Operation.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.select_related("owner_office").get(pk=operation.pk)
        require(policies.can_request(actor, current))
        asset = lock_asset(data.asset.pk, actor=actor)
        own = bool(can_keep(actor, asset))
        _check(current, asset, data, actor=actor)
        if own:
            require(policies.may_be_supported(current))
        booking = Booking(
            asset=asset,
            starts_at=data.starts_at,
            ends_at=data.ends_at,
            purpose=data.purpose.strip(),
            office=data.office,
            requested_by=actor,
        )
        if own:
            booking.state, booking.decided_by, booking.decided_at = (
                BookingState.CONFIRMED,
                actor,
                timezone.now(),
            )
        else:
            booking.decider, booking.due_at = _decider(asset, actor), _due(data.starts_at)
        with no_overlap("asset", asset, data.starts_at, data.ends_at, actor=actor):
            booking.save()
        BookedFor.objects.create(booking=booking, operation=current, task_key=data.task)
        if booking.decider is not None:
            notify(asset, "booking.requested", positions=[booking.decider], actor=actor)
        return booking


def _check(operation: Operation, asset: Asset, data: BookingInput, *, actor: Person) -> None:
    problems = times_problems(data.starts_at, data.ends_at)
    problems |= task_problems(operation, data.task, actor=actor)
    if data.office.pk not in actor.access.offices:
        problems["office"] = [_("Ask for an office in which you hold a position.")]
    if not data.purpose.strip():
        problems["purpose"] = [_("Say what it is needed for: the office that holds it reads this.")]
    asking = can_ask_for(actor, asset)
    if isinstance(asking, Refused):
        problems["asset"] = [asking.reason]
    elif not problems:
        told = service_problem(asset, data.starts_at) or taken_words(
            asset, data.starts_at, data.ends_at, actor=actor
        )
        if told:
            problems["asset"] = [told]
    if problems:
        raise InvalidError(problems)


def _decider(asset: Asset, actor: Person) -> Position:
    """The position named with the asset, while somebody cleared can act for it; else up the chain."""
    named = [asset.decider] if asset.decider is not None else []
    posts = chain(named, Position.objects.heads_above(asset.owner_office))
    if found := first_able(posts, level=asset.classification, beside={actor.pk}):
        return found
    raise RefusedError(
        _("Nobody can decide on %(asset)s now: the posts are vacant or not cleared. Call %(office)s.")
        % {"asset": asset, "office": asset.owner_office}
    )


def _due(starts_at: datetime) -> datetime:
    """By when an answer is due: in the usual time, or before it begins."""
    now = timezone.now()
    usual = now + timedelta(hours=AssetRules.in_force().answer_hours)
    return max(min(usual, starts_at), now + SHORTEST_ANSWER)


@contextmanager
def _step(
    booking: Booking,
    name: str,
    policy: Callable[[Person, Booking], Decision],
    *,
    actor: Person,
    version: int,
    reason: str = "",
) -> Iterator[Booking]:
    """One verb on one booking: its asset locked first, then itself, on the version that was shown."""
    with verb(f"booking.{name}", actor=actor, reason=reason):
        asset = lock_asset(booking.asset_id, actor=actor)
        current = lock_part(booking, actor=actor, version=version)
        current.asset = asset
        require(policy(actor, current))
        yield current


def _tell(booking: Booking, news: str, *, actor: Person | None, decider: bool = False) -> None:
    """Tell the side that asked, or with `decider` the one that holds the asset."""
    people = [] if decider else [booking.requested_by]
    holder = [booking.decider] if decider and booking.decider is not None else []
    if decider and not holder:
        holder = policies.heads_above(booking)[:1]
    notify(booking.asset, f"booking.{news}", people=people, positions=holder, actor=actor)


def confirm_booking(booking: Booking, *, actor: Person, version: int) -> Booking:
    """Promise the asset for the time asked.

    Raises RefusedError, StaleError, or InvalidError where it is taken meanwhile, saying until when.
    """
    with _step(booking, "confirm", policies.can_confirm, actor=actor, version=version) as current:
        start, end = current.starts_at, current.ends_at
        told = service_problem(current.asset, start) or taken_words(current.asset, start, end, actor=actor)
        if end <= timezone.now():
            told = _("The time that was asked for has passed.")
        if told:
            raise InvalidError({"starts_at": [told]})
        current.state, current.decided_by, current.decided_at = BookingState.CONFIRMED, actor, timezone.now()
        with no_overlap("starts_at", current.asset, start, end, actor=actor):
            save_changed_part(current)
        _tell(current, "confirmed", actor=actor)
        return current


def decline_booking(booking: Booking, *, actor: Person, version: int, reason: str) -> Booking:
    """Decline a request, with the reason."""
    need_reason(reason, _("Say why it is declined, and what else could help."))
    with _step(
        booking, "decline", policies.can_decline, actor=actor, version=version, reason=reason
    ) as current:
        current.state, current.reason = BookingState.DECLINED, reason
        current.decided_by, current.decided_at = actor, timezone.now()
        save_changed_part(current)
        _tell(current, "declined", actor=actor)
        return current


def cancel_booking(booking: Booking, *, actor: Person, version: int, reason: str) -> Booking:
    """Take a request back before it was decided, with the reason."""
    need_reason(reason, _("Say why it is not needed any more."))
    with _step(
        booking, "cancel", policies.can_cancel, actor=actor, version=version, reason=reason
    ) as current:
        current.state, current.reason, current.freed_at = BookingState.CANCELLED, reason, timezone.now()
        save_changed_part(current)
        _tell(current, "cancelled", actor=actor, decider=True)
        return current


def release_booking(booking: Booking, *, actor: Person, version: int, reason: str) -> Booking:
    """Give a confirmed asset back, or take it back, with the reason; from now on it is free."""
    need_reason(reason, _("Say why it is given back."))
    with _step(
        booking, "release", policies.can_release, actor=actor, version=version, reason=reason
    ) as current:
        current.state, current.reason, current.freed_at = BookingState.RELEASED, reason, timezone.now()
        save_changed_part(current)
        _tell(current, "released", actor=actor)
        _tell(current, "released", actor=actor, decider=True)
        return current


def move_booking(
    booking: Booking, *, actor: Person, version: int, starts_at: datetime, ends_at: datetime
) -> Booking:
    """Give a booking other times. Raises as `confirm_booking`."""
    with _step(booking, "move", policies.can_move, actor=actor, version=version) as current:
        problems: dict[str, Any] = times_problems(starts_at, ends_at)
        told = service_problem(current.asset, starts_at) or taken_words(
            current.asset, starts_at, ends_at, actor=actor, besides=current.pk
        )
        if not problems and told:
            problems = {"starts_at": [told]}
        if problems:
            raise InvalidError(problems)
        waits = current.state == BookingState.REQUESTED
        current.starts_at, current.ends_at = starts_at, ends_at
        if waits:
            current.due_at, current.escalated_at = _due(starts_at), None
        with no_overlap("starts_at", current.asset, starts_at, ends_at, actor=actor):
            save_changed_part(current)
        _tell(current, "moved", actor=actor, decider=waits)
        return current
