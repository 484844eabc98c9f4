"""Who may do what with an asset. Each answer is Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.policies import Allowed, Decision, Refused, can_act
from cimic_portal.core.sharing.levels import Component
from operations.models import Asset, AssetState

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_register(person: Person) -> Decision:
    """Everyone with a current position, for an office of theirs."""
    return can_act(person)


def can_keep(person: Person, asset: Asset) -> Decision:
    """The office that holds an asset keeps its record, and books it without asking."""
    if asset.owner_office_id in person.access.offices:
        return Allowed()
    return Refused(_("This is for the office that holds it: %(office)s.") % {"office": asset.owner_office})


def _kept(person: Person, asset: Asset, states: tuple[str, ...], refusal: str) -> Decision:
    return can_keep(person, asset) if asset.state in states else Refused(refusal)


def can_edit(person: Person, asset: Asset) -> Decision:
    usable = (AssetState.IN_SERVICE, AssetState.UNDER_REPAIR)
    return _kept(person, asset, usable, _("This asset was withdrawn."))


def can_block(person: Person, asset: Asset) -> Decision:
    """Enter a time in which it cannot be booked."""
    return can_edit(person, asset)


def can_send_to_repair(person: Person, asset: Asset) -> Decision:
    return _kept(person, asset, (AssetState.IN_SERVICE,), _("Only an asset in service goes to repair."))


def can_return_to_service(person: Person, asset: Asset) -> Decision:
    return _kept(person, asset, (AssetState.UNDER_REPAIR,), _("Only an asset under repair comes back."))


def can_withdraw(person: Person, asset: Asset) -> Decision:
    return can_edit(person, asset)


def can_ask_for(person: Person, asset: Asset) -> Decision:
    """Whether this asset can be asked for at all by this person.

    Partners have a door of their own to what the mission holds: the request for assistance.
    """
    if asset.state == AssetState.WITHDRAWN:
        return Refused(_("%(asset)s was withdrawn.") % {"asset": asset})
    if Component(person.component).of_mission or can_keep(person, asset):
        return Allowed()
    return Refused(_("Partners ask for what the mission holds by a request for assistance."))
