"""Keeping the record of an asset: entered, changed, out of service and back, withdrawn."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, RefusedError
from cimic_portal.core.models import Person
from cimic_portal.core.policies import require
from cimic_portal.core.services.audience import not_cleared, sharing_problems
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock, need_reason, save_changed, verb
from operations.models import Asset, AssetState, Booking, Unavailability
from operations.policies import asset as policies
from operations.services.asset_inputs import AssetInput
from operations.services.booking_checks import FURTHEST, no_overlap, taken_words
from operations.services.booking_ends import drop_bookings_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Office

_PLAIN = [field.name for field in fields(AssetInput) if field.name != "sharing"]
_WHY = "parts of the locked asset"


def register_asset(data: AssetInput, *, actor: Person, office: Office) -> Asset:
    """Enter an asset that an office of the actor's holds. Raises RefusedError, InvalidError."""
    require(policies.can_register(actor))
    if office.pk not in actor.access.offices:
        raise RefusedError(_("You can enter assets only for an office in which you hold a position."))
    with verb("asset.register", actor=actor):
        _check(data, actor=actor, office=office)
        asset = Asset(owner_office=office, author=actor, published_at=timezone.now())
        _write(asset, data)
        asset.classification = data.sharing.classification
        asset.audience_components = sorted(data.sharing.components)
        asset.audience_organisations = sorted(data.sharing.organisations)
        asset.save()
        return asset


def edit_asset(asset: Asset, data: AssetInput, *, actor: Person, version: int) -> Asset:
    """Change what is said of it. Who may read it is changed by `reshare` alone."""
    with verb("asset.edit", actor=actor):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_edit(actor, current))
        _check(data, actor=actor, office=current.owner_office, asset=current)
        _write(current, data)
        save_changed(current)
        return current


def _write(asset: Asset, data: AssetInput) -> None:
    for name in _PLAIN:
        setattr(asset, name, getattr(data, name))


def _check(data: AssetInput, *, actor: Person, office: Office, asset: Asset | None = None) -> None:
    level = asset.classification if asset else data.sharing.classification
    problems = {} if asset else sharing_problems(actor, level)
    if (data.capacity is None) != (not data.capacity_unit):
        where = "capacity" if data.capacity is None else "capacity_unit"
        problems[where] = [_("Give the capacity and what it is measured in.")]
    if data.kind.has_languages and not data.languages.strip():
        problems["languages"] = [_("Name the languages.")]
    if data.decider is not None:
        if data.decider.office.organisation_id != office.organisation_id:
            problems["decider"] = [_("Choose a position of the same organisation.")]
        else:
            people = list(Person.objects.acting_for(data.decider))
            refused = not_cleared(people, level)
            if people and len(refused) == len(people):
                problems["decider"] = refused
    if problems:
        raise InvalidError(problems)


def block_asset(
    asset: Asset, *, actor: Person, version: int, starts_at: datetime, ends_at: datetime | None, reason: str
) -> Asset:
    """Enter a time in which it cannot be booked. Raises InvalidError where it is promised then."""
    need_reason(reason, _("Say why, for example “500-hour service”."))
    with verb("asset.block", actor=actor, reason=reason):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_block(actor, current))
        if ends_at is not None and ends_at <= starts_at:
            raise InvalidError({"ends_at": [_("The end lies before the start.")]})
        if abs(starts_at - timezone.now()) > FURTHEST or (ends_at and ends_at > timezone.now() + FURTHEST):
            raise InvalidError({"starts_at": [_("This lies more than three years away. Check the year.")]})
        told = taken_words(current, starts_at, ends_at, actor=actor)
        if told:
            raise InvalidError({"starts_at": [f"{told} {_('Release that booking first.')}"]})
        with no_overlap("starts_at", current, starts_at, ends_at, actor=actor):
            Unavailability.objects.create(
                asset=current, starts_at=starts_at, ends_at=ends_at, reason=reason, entered_by=actor
            )
        save_changed(current)
        return current


def unblock_asset(asset: Asset, *, actor: Person, version: int, unavailability: int, reason: str) -> Asset:
    """Strike a time out of service, or end it now where it has begun. `unavailability` by number."""
    need_reason(reason, _("Say why it can be booked again."))
    with verb("asset.unblock", actor=actor, reason=reason):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_block(actor, current))
        rows = Unavailability.objects.unscoped(_WHY).filter(asset=current, struck_reason="")
        row = rows.filter(pk=unavailability).first()
        if row is None:
            raise InvalidError({"unavailability": [_("This asset has no such time out of service.")]})
        now = timezone.now()
        if row.ends_at is not None and row.ends_at <= now:
            raise InvalidError({"unavailability": [_("This time out of service is over.")]})
        if row.starts_at < now:
            row.ends_at = now
        else:
            row.struck_reason = reason
        row.save()
        save_changed(current)
        return current


def send_to_repair(
    asset: Asset, *, actor: Person, version: int, reason: str, back_at: datetime | None = None
) -> Asset:
    """It cannot be used now: who asked for it or was promised it is told. What was promised stays until
    somebody releases it."""
    need_reason(reason, _("Say what is wrong with it."))
    with verb("asset.repair", actor=actor, reason=reason):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_send_to_repair(actor, current))
        if back_at is not None and back_at <= timezone.now():
            raise InvalidError({"back_at": [_("This has passed.")]})
        current.state, current.state_reason, current.back_at = AssetState.UNDER_REPAIR, reason, back_at
        save_changed(current)
        affected = Booking.objects.unscoped(_WHY).filter(asset=current).open()
        if back_at is not None:
            affected = affected.filter(starts_at__lt=back_at)
        people = {row.requested_by for row in affected.select_related("requested_by")}
        if people:
            notify(current, "asset.repair", people=people, actor=actor)
        return current


def return_to_service(asset: Asset, *, actor: Person, version: int) -> Asset:
    """It can be used again."""
    with verb("asset.return", actor=actor):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_return_to_service(actor, current))
        current.state, current.state_reason, current.back_at = AssetState.IN_SERVICE, "", None
        save_changed(current)
        return current


def withdraw_asset(asset: Asset, *, actor: Person, version: int, reason: str) -> Asset:
    """It goes for good: requests are declined, what was promised is released, each with notice."""
    need_reason(reason, _("Say why it is withdrawn."))
    with verb("asset.withdraw", actor=actor, reason=reason):
        current = lock(asset, actor=actor, version=version)
        require(policies.can_withdraw(actor, current))
        current.state, current.state_reason, current.back_at = AssetState.WITHDRAWN, reason, None
        save_changed(current)
        drop_bookings_of(current, reason, actor=actor)
        return current
