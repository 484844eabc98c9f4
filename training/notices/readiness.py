"""What people are told of their readiness, and heads of that of their offices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind
from cimic_portal.core.templatetags.moments import day_text

if TYPE_CHECKING:
    from training.models import Reminder


def own_words(reminder: Reminder) -> str:
    """The course, and the day that counts."""
    return f"{reminder.course}, {day_text(reminder.due_on)}"


def their_words(reminder: Reminder) -> str:
    """Whose it is, the course, and the day that counts."""
    return f"{reminder.record.person}, {own_words(reminder)}"


_own = partial(NotificationKind, about=own_words, joins=("course",))
_theirs = partial(NotificationKind, about=their_words, joins=("course", "record__person"))

KINDS = [
    _own(
        "readiness.due",
        _("Courses of yours fall due or expire within 30 days"),
        _("Courses of yours fall due or expire within 30 days"),
        tone="waiting",
    ),
    _own(
        "readiness.overdue",
        _("Courses of yours are overdue or have expired"),
        _("Courses of yours are overdue or have expired"),
        tone="refused",
    ),
    _theirs(
        "readiness.office",
        _("People of your office are late with their training"),
        _("People of your office are late with their training"),
        tone="refused",
    ),
    _own(
        "readiness.operation",
        _("“{title}” asks of you what you do not hold yet"),
        _("An operation asks courses of you that you do not hold yet"),
        tone="waiting",
    ),
    _theirs(
        "readiness.operation_office",
        _("“{title}” asks of your people what they do not hold yet"),
        _("An operation asks courses of your people that they do not hold yet"),
        tone="waiting",
    ),
]
