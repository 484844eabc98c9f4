"""What people are told of lessons."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "lesson.submitted",
        _("Lesson to release: {title}, by {actor}"),
        _("A lesson waits for your release"),
        tone="waiting",
    ),
    NotificationKind(
        "lesson.returned",
        _("Your lesson was returned: {title}, by {actor}"),
        _("A lesson of yours was returned"),
        tone="refused",
    ),
    NotificationKind(
        "lesson.identified",
        _("What you saw is a lesson identified: {title}"),
        _("An observation of yours is a lesson identified"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "lesson.action",
        _("A lesson for {position} to follow up: {title}, from {actor}"),
        _("A position of yours is to follow up a lesson"),
        tone="waiting",
    ),
    NotificationKind(
        "lesson.changed",
        _("A change to validate: {title}, by {actor}"),
        _("The change by which a lesson is learned waits for your judgement"),
        tone="waiting",
    ),
    NotificationKind(
        "lesson.reopened",
        _("The change does not prove it yet: {title}, by {actor}"),
        _("A change that a position of yours reported was sent back"),
        tone="refused",
    ),
    NotificationKind(
        "lesson.learned",
        _("Lesson learned: {title}"),
        _("A lesson of yours is learned"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "lesson.dropped",
        _("Lesson dropped: {title}, by {actor}"),
        _("A lesson of yours was dropped"),
        tone="draft",
        by_mail=False,
    ),
    NotificationKind(
        "lesson.due",
        _("The action on a lesson falls due within a week: {title}, for {position}"),
        _("The action on a lesson falls due within a week"),
        tone="waiting",
    ),
    NotificationKind(
        "lesson.overdue",
        _("The action on a lesson is overdue: {title}, for {position}"),
        _("The action on a lesson is overdue"),
        tone="refused",
    ),
]
