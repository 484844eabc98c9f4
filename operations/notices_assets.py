"""What people are told of assets and bookings."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

ASSET_KINDS = [
    NotificationKind(
        "booking.requested",
        _("Asked for: {title}, by {actor}; you decide as {position}"),
        _("An asset is asked for on which a position of yours decides"),
        tone="waiting",
    ),
    NotificationKind(
        "booking.confirmed",
        _("Confirmed: {title}, by {actor}"),
        _("An asset that you asked for was confirmed"),
        tone="done",
    ),
    NotificationKind(
        "booking.declined",
        _("Declined: {title}, by {actor}"),
        _("An asset that you asked for was declined"),
        tone="refused",
    ),
    NotificationKind(
        "booking.cancelled",
        _("Request taken back: {title}, by {actor}"),
        _("A request for an asset on which a position of yours decides was taken back"),
        by_mail=False,
    ),
    NotificationKind(
        "booking.released",
        _("Booking released: {title}, by {actor}"),
        _("A booking of an asset that concerns you was released"),
        tone="waiting",
    ),
    NotificationKind(
        "booking.moved",
        _("Booking has other times: {title}, by {actor}"),
        _("A booking of an asset that concerns you has other times"),
        tone="waiting",
    ),
    NotificationKind(
        "booking.freed",
        _("Not needed any more, and free again: {title}"),
        _("An asset on which a position of yours decides is free again"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "booking.lapsed",
        _("Nobody answered in time, the request has lapsed: {title}"),
        _("A request for an asset has lapsed without an answer"),
        tone="refused",
    ),
    NotificationKind(
        "booking.overdue",
        _("An answer is overdue: {title} is asked for"),
        _("The answer to a request for an asset is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "asset.repair",
        _("Under repair: {title}, which you asked for; look for another"),
        _("An asset that you asked for is under repair"),
        tone="refused",
    ),
]
