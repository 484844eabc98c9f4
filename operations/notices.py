"""What people are told of operations."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "operation.asked",
        _("Your answer is asked: {title}, as {position}"),
        _("An operation in staffing asks for the answer of a position of yours"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.asked_to_join",
        _("You are asked to join by a FRAGO: {title}, as {position}"),
        _("A FRAGO asks whether a position of yours joins an operation; answer"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.staffed",
        _("In staffing, for your decision later: {title}, by {actor}"),
        _("An operation that a position of yours decides on is in staffing"),
        by_mail=False,
    ),
    NotificationKind(
        "operation.answered",
        _("Answer in staffing: {title}, by {actor}"),
        _("A participant has answered on an operation of yours"),
        by_mail=False,
    ),
    NotificationKind(
        "operation.objected",
        _("Objection: {title}, by {actor}"),
        _("A participant objects to an operation"),
        tone="refused",
    ),
    NotificationKind(
        "operation.all_answered",
        _("All have answered: {title}"),
        _("All participants have answered on an operation"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.overdue",
        _("An answer is overdue: {title}"),
        _("An answer on an operation in staffing is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "operation.returned",
        _("Back to draft: {title}, by {actor}"),
        _("An operation went back from staffing to its authors"),
        tone="draft",
    ),
    NotificationKind(
        "operation.approved",
        _("Approved, to acknowledge: {title}, by {actor}"),
        _("An operation in which a position of yours takes part was approved; acknowledge the order"),
        tone="done",
    ),
    NotificationKind(
        "operation.active",
        _("Under way: {title}"),
        _("An operation in which a position of yours takes part is under way"),
        tone="running",
    ),
    NotificationKind(
        "operation.suspended",
        _("Suspended: {title}, by {actor}"),
        _("An operation in which a position of yours takes part was suspended"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.completed",
        _("Completed: {title}"),
        _("An operation in which a position of yours takes part was completed"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "operation.closed",
        _("Closed: {title}"),
        _("An operation in which a position of yours takes part was closed"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "operation.cancelled",
        _("Cancelled: {title}, by {actor}"),
        _("An operation in which a position of yours takes part was cancelled"),
        tone="refused",
    ),
    NotificationKind(
        "operation.frago_submitted",
        _("FRAGO to issue: {title}, by {actor}"),
        _("A FRAGO waits for the decision of a position of yours"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.frago_returned",
        _("Your FRAGO was returned: {title}, by {actor}"),
        _("A FRAGO of yours was returned"),
        tone="refused",
    ),
    NotificationKind(
        "operation.frago_issued",
        _("FRAGO to acknowledge: {title}, by {actor}"),
        _("An order that concerns a position of yours was changed by a FRAGO; acknowledge it"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.all_acknowledged",
        _("All have acknowledged: {title}"),
        _("All participants have acknowledged an order of yours"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "operation.finding",
        _("A finding to follow up: {title}, as {position}"),
        _("A review names a position of yours to follow up a finding"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.withhold",
        _("Support is to be withheld: {title}"),
        _("A due diligence assessment says that support to forces outside the UN is to be withheld"),
        tone="refused",
    ),
    NotificationKind(
        "operation.violation",
        _("Signs of a violation noted: {title}, by {actor}"),
        _("Monitoring of an operation noted signs of a violation"),
        tone="refused",
    ),
]
