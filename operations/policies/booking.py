"""Who may ask for an asset, promise it, and give it back. Allowed, or Refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cimic_portal.core.models import Position
from cimic_portal.core.policies import Allowed, Decision, Refused, can_act, decides_for
from operations.models import (
    ENDED,
    BookedFor,
    Booking,
    BookingState,
    DiligenceDecision,
    Operation,
    Participation,
    ParticipationRole,
)
from operations.policies.asset import can_keep
from operations.policies.operation import can_lead
from operations.querysets.standing import diligence_decision, operation_booked_for

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def can_request(person: Person, operation: Operation) -> Decision:
    """Lead and supporting offices ask for assets of an operation that has not ended."""
    acting = can_act(person)
    if isinstance(acting, Refused):
        return acting
    if operation.state in ENDED:
        return Refused(_("This operation has ended."))
    if can_lead(person, operation):
        return Allowed()
    roles = (ParticipationRole.LEAD, ParticipationRole.SUPPORT)
    mine = Participation.objects.visible_to(person).filter(operation=operation, role__in=roles)
    if mine.filter(office__in=person.access.offices).exists():
        return Allowed()
    return Refused(_("Assets are asked for by the lead and by the offices that support the operation."))


def may_be_supported(operation: Operation) -> Decision:
    """Nothing is promised to an operation with forces outside the UN before the assessment allows it.

    Source: Human Rights Due Diligence Policy on UN support to non-UN security forces.
    """
    if not operation.non_un_support:
        return Allowed()
    decision = diligence_decision(operation)
    if not decision:
        return Refused(
            _(
                "The due diligence assessment on the non-UN security forces is not recorded. "
                "Nothing is promised before."
            )
        )
    if decision == DiligenceDecision.WITHHOLD:
        return Refused(_("The due diligence assessment says that support is to be withheld."))
    return Allowed()


def heads_above(booking: Booking) -> list[Position]:
    """The heads of the office that holds the asset and of those above it; nearest first."""
    return list(Position.objects.heads_above(booking.asset.owner_office))


def _decides(person: Person, booking: Booking) -> Decision:
    """The position asked, or a head above it; never on one's own request."""
    if booking.requested_by_id == person.pk:
        return Refused(_("Nobody decides on their own request. Another holder or the head above does."))
    deciders = [booking.decider, *heads_above(booking)]
    mine = [one for one in deciders if one is not None and one.pk in person.access.positions]
    if not mine:
        who = booking.decider or booking.asset.owner_office
        return Refused(_("%(position)s decides on this request.") % {"position": who})
    if not any(decides_for(person, one, authors={booking.requested_by_id}) for one in mine):
        return Refused(_("You deputise for whoever asked, who may not decide on it. Another holder does."))
    return Allowed()


def can_decline(person: Person, booking: Booking) -> Decision:
    if booking.state != BookingState.REQUESTED:
        return Refused(_("Only a request that waits can be decided."))
    return _decides(person, booking)


def can_confirm(person: Person, booking: Booking) -> Decision:
    """Promise the asset. What else stands against it is told to those who see the operation, in its words."""
    deciding = can_decline(person, booking)
    operation = operation_booked_for(booking) if deciding else None
    if operation is None:
        return deciding
    supported = may_be_supported(operation)
    if isinstance(supported, Refused) and _operation_of(booking, person) is None:
        return Refused(
            _("This cannot be confirmed yet. %(office)s has a step to take first; ask there.")
            % {"office": booking.office}
        )
    return supported


def _operation_of(booking: Booking, person: Person) -> Operation | None:
    """The operation, where the person may know of it."""
    rows = BookedFor.objects.visible_to(person).filter(booking=booking)
    found = rows.select_related("operation__owner_office").first()
    return found.operation if found else None


def _asked(person: Person, booking: Booking) -> Decision:
    """Whoever asked, their office, and those who answer for the operation."""
    if booking.office_id in person.access.offices:
        return Allowed()
    if booking.requested_by_id == person.pk and booking.office.organisation_id in person.access.organisations:
        return Allowed()
    operation = _operation_of(booking, person)
    if operation is not None and can_lead(person, operation):
        return Allowed()
    return Refused(_("This is for the office that asked: %(office)s.") % {"office": booking.office})


def can_cancel(person: Person, booking: Booking) -> Decision:
    """Take a request back before it was decided."""
    if booking.state != BookingState.REQUESTED:
        return Refused(_("Only a request that waits can be taken back."))
    return _asked(person, booking)


def can_release(person: Person, booking: Booking) -> Decision:
    """Give a confirmed asset back, or take it back: either side may."""
    if booking.state != BookingState.CONFIRMED:
        return Refused(_("Only a confirmed booking can be released."))
    if can_keep(person, booking.asset) or _asked(person, booking):
        return Allowed()
    if any(one.pk in person.access.positions for one in heads_above(booking)):
        return Allowed()
    return Refused(
        _("This is for %(holder)s, and for %(office)s, who asked.")
        % {"holder": booking.asset.owner_office, "office": booking.office}
    )


def can_move(person: Person, booking: Booking) -> Decision:
    """Other times: of a request whoever asked, of a confirmed booking the office that holds the asset."""
    if booking.state == BookingState.REQUESTED:
        return _asked(person, booking)
    if booking.state == BookingState.CONFIRMED:
        return can_keep(person, booking.asset)
    return Refused(_("This booking is over."))
