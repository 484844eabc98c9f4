"""What people are told by liaison."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "engagement.submitted",
        _("Report to release: {title}, by {actor}"),
        _("A report waits for your release"),
        tone="waiting",
    ),
    NotificationKind(
        "engagement.returned",
        _("Your report was returned: {title}, by {actor}"),
        _("A report of yours was returned"),
        tone="refused",
    ),
    NotificationKind(
        "engagement.released",
        _("Your report was released: {title}"),
        _("A report of yours was released"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "tasking.issued",
        _("Tasking for {position}: {title}, from {actor}"),
        _("A tasking was issued to a position of yours"),
        tone="waiting",
    ),
    NotificationKind(
        "tasking.acknowledged",
        _("Tasking acknowledged: {title}, by {actor}"),
        _("A tasking of yours was acknowledged"),
        by_mail=False,
    ),
    NotificationKind(
        "tasking.in_progress",
        _("Tasking in progress: {title}, by {actor}"),
        _("A tasking of yours is in progress"),
        by_mail=False,
    ),
    NotificationKind(
        "tasking.done",
        _("Tasking done: {title}, by {actor}"),
        _("A tasking of yours was reported done"),
        tone="done",
    ),
    NotificationKind(
        "tasking.declined",
        _("Tasking declined: {title}, by {actor}"),
        _("A tasking of yours was declined"),
        tone="refused",
    ),
    NotificationKind(
        "tasking.withdrawn",
        _("Tasking withdrawn: {title}, by {actor}"),
        _("A tasking to a position of yours was withdrawn"),
        tone="draft",
    ),
    NotificationKind(
        "tasking.due",
        _("Falls due within a day: {title}, for {position}"),
        _("A tasking to a position of yours falls due within a day"),
        tone="waiting",
    ),
    NotificationKind(
        "tasking.overdue",
        _("Overdue: {title}, for {position}"),
        _("A tasking to a position of yours is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "tasking.unanswered",
        _("Overdue: {title}, issued by {position}"),
        _("A tasking issued by a position of yours is overdue"),
        tone="refused",
    ),
]
