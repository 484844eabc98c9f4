"""What people are told of the execution of operations."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

JOURNAL_KINDS = [
    NotificationKind(
        "operation.urgent",
        _("Urgent, the situation has changed: {title}, by {actor}"),
        _("The situation has changed in an operation in which a position of yours takes part: look at once"),
        tone="refused",
    ),
    NotificationKind(
        "operation.decision_reached",
        _("To be decided now: {title}, as {position}"),
        _("A decision point of an operation is reached; a position of yours decides"),
        tone="waiting",
    ),
    NotificationKind(
        "operation.decision_taken",
        _("Decided: {title}, by {actor}"),
        _("A decision was taken in an operation in which a position of yours takes part"),
        tone="done",
    ),
]
