"""What people are told of exercises. The mark of the exercise stands before each line."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "exercise.scheduled",
        _("you are named in “{title}”"),
        _("you are named in an exercise"),
        tone="waiting",
    ),
    NotificationKind(
        "exercise.started",
        _("STARTEX of “{title}”"),
        _("an exercise in which you are named has begun"),
        tone="running",
    ),
    NotificationKind(
        "exercise.message",
        _("a message for {position} in “{title}”"),
        _("a message of an exercise waits for your answer"),
        tone="waiting",
    ),
    NotificationKind(
        "exercise.ended",
        _("ENDEX of “{title}”"),
        _("an exercise in which you are named has ended"),
        tone="done",
    ),
    NotificationKind(
        "exercise.cancelled",
        _("“{title}” is cancelled, by {actor}"),
        _("an exercise in which you are named is cancelled"),
        tone="refused",
    ),
    NotificationKind(
        "exercise.evaluated",
        _("findings of “{title}” for {position} to follow up"),
        _("a position of yours follows up a finding of an exercise"),
        tone="waiting",
    ),
]
