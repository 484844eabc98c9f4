"""What people are told of their readiness, and heads of that of their offices."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "readiness.due",
        _("Courses of yours fall due or expire within 30 days. See what is due for you"),
        _("Courses of yours fall due or expire within 30 days"),
        tone="waiting",
    ),
    NotificationKind(
        "readiness.overdue",
        _("Courses of yours are overdue or have expired. See what is due for you"),
        _("Courses of yours are overdue or have expired"),
        tone="refused",
    ),
    NotificationKind(
        "readiness.office",
        _("People of your office are late with their training. See its readiness"),
        _("People of your office are late with their training"),
        tone="refused",
    ),
]
