"""What people are told of exercises. Each line says first that it is one: nobody acts on it in earnest."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "exercise.scheduled",
        _("EXERCISE: you are named in “{title}”"),
        _("EXERCISE: you are named in an exercise"),
        tone="waiting",
    ),
    NotificationKind(
        "exercise.started",
        _("EXERCISE EXERCISE EXERCISE: STARTEX of “{title}”"),
        _("EXERCISE EXERCISE EXERCISE: an exercise in which you are named has begun"),
        tone="running",
    ),
    NotificationKind(
        "exercise.message",
        _("EXERCISE EXERCISE EXERCISE: a message for {position} in “{title}”"),
        _("EXERCISE EXERCISE EXERCISE: a message of an exercise waits for your answer"),
        tone="waiting",
    ),
    NotificationKind(
        "exercise.ended",
        _("EXERCISE: ENDEX of “{title}”"),
        _("EXERCISE: an exercise in which you are named has ended"),
        tone="done",
    ),
    NotificationKind(
        "exercise.cancelled",
        _("EXERCISE: “{title}” is cancelled, by {actor}"),
        _("EXERCISE: an exercise in which you are named is cancelled"),
        tone="refused",
    ),
    NotificationKind(
        "exercise.evaluated",
        _("EXERCISE: findings of “{title}” for {position} to follow up"),
        _("EXERCISE: a position of yours follows up a finding of an exercise"),
        tone="waiting",
    ),
]
