"""The verbs of assets and bookings, as pages offer them, and their history in words."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.verbs import ReasonForm, Verb
from operations.forms.asset import BlockForm, RepairForm
from operations.forms.booking import MoveForm
from operations.models import AssetState as State
from operations.models import BookingState as B
from operations.policies import asset as policies
from operations.policies import booking as booking_policies
from operations.services import asset as services
from operations.services import booking as bookings
from operations.views.step_notes import booking_facts

USABLE = (State.IN_SERVICE, State.UNDER_REPAIR)

HISTORY_WORDS = {
    "asset.register": _("Entered"),
    "asset.edit": _("Edited"),
    "asset.block": _("Time out of service entered"),
    "asset.unblock": _("Time out of service ended"),
    "asset.repair": _("Sent to repair"),
    "asset.return": _("Back in service"),
    "asset.withdraw": _("Withdrawn"),
}

ASSET_VERBS = [
    Verb(
        name="return",
        label=_("Back in service"),
        policy=policies.can_return_to_service,
        run=services.return_to_service,
        states=(State.UNDER_REPAIR,),
        text=_("It can be promised again from now on."),
        done=_("Back in service."),
        primary=True,
    ),
    Verb(
        name="block",
        label=_("Out of service…"),
        policy=policies.can_block,
        run=services.block_asset,
        states=USABLE,
        text=_("Nobody can book it in this time. What is confirmed then has to be released first."),
        done=_("Entered: it cannot be booked then."),
        form=BlockForm,
    ),
    Verb(
        name="repair",
        label=_("Under repair"),
        policy=policies.can_send_to_repair,
        run=services.send_to_repair,
        states=(State.IN_SERVICE,),
        text=_(
            "It has broken down. Everybody who asked for it is told; "
            "what was confirmed stays until it is released."
        ),
        done=_("Under repair."),
        form=RepairForm,
    ),
    Verb(
        name="withdraw",
        label=_("Withdraw"),
        policy=policies.can_withdraw,
        run=services.withdraw_asset,
        states=USABLE,
        text=_(
            "It goes for good. Requests are declined and bookings released, and those who asked are told."
        ),
        done=_("Withdrawn."),
        form=ReasonForm,
        danger=True,
    ),
]

BOOKING_VERBS = [
    Verb(
        name="confirm",
        label=_("Confirm"),
        policy=booking_policies.can_confirm,
        run=bookings.confirm_booking,
        states=(B.REQUESTED,),
        text=_("The asset is theirs for this time; whoever asked is told."),
        done=_("Confirmed."),
        primary=True,
        context=booking_facts,
    ),
    Verb(
        name="decline",
        label=_("Decline"),
        policy=booking_policies.can_decline,
        run=bookings.decline_booking,
        states=(B.REQUESTED,),
        text=_("Whoever asked is told, with your reason."),
        done=_("Declined."),
        form=ReasonForm,
        context=booking_facts,
    ),
    Verb(
        name="move",
        label=_("Other times"),
        policy=booking_policies.can_move,
        run=bookings.move_booking,
        states=(B.REQUESTED, B.CONFIRMED),
        text=_("The other side is told."),
        done=_("The booking has other times."),
        form=MoveForm,
        needs_person=True,
    ),
    Verb(
        name="cancel",
        label=_("Take the request back"),
        policy=booking_policies.can_cancel,
        run=bookings.cancel_booking,
        states=(B.REQUESTED,),
        text=_("It is not needed any more. The office that holds the asset is told."),
        done=_("Request taken back."),
        form=ReasonForm,
    ),
    Verb(
        name="release",
        label=_("Release"),
        policy=booking_policies.can_release,
        run=bookings.release_booking,
        states=(B.CONFIRMED,),
        text=_("The asset is free from now on. Both sides are told, with your reason."),
        done=_("Released: it is free again."),
        form=ReasonForm,
        danger=True,
    ),
]
