"""What people are told of sessions, seats and qualifications."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "enrolment.asked",
        _("{title} asks for a seat in a course; {position} answers for the office"),
        _("Somebody of your office asks for a seat in a course"),
        tone="waiting",
    ),
    NotificationKind(
        "enrolment.seat",
        _("{title} has a seat in a session"),
        _("You have a seat in a session"),
        tone="running",
    ),
    NotificationKind(
        "enrolment.waiting",
        _("{title} stands on the waiting list of a session"),
        _("You stand on the waiting list of a session"),
        tone="waiting",
    ),
    NotificationKind(
        "enrolment.declined",
        _("The office cannot let {title} go to a session, says {actor}"),
        _("Your office cannot let you go to a session"),
        tone="refused",
    ),
    NotificationKind(
        "enrolment.withdrawn",
        _("The seat of {title} in a session was given up by {actor}"),
        _("Your seat in a session was given up"),
        tone="refused",
    ),
    NotificationKind(
        "session.changed",
        _("A session in which {title} is enrolled has another time or place"),
        _("A session in which you are enrolled has another time or place"),
        tone="waiting",
    ),
    NotificationKind(
        "session.cancelled",
        _("A session in which {title} is enrolled was cancelled by {actor}"),
        _("A session in which you are enrolled was cancelled"),
        tone="refused",
    ),
    NotificationKind(
        "qualification.awarded",
        _("{title} passed a course; the certificate is ready"),
        _("You passed a course; the certificate is ready"),
        tone="done",
    ),
    NotificationKind(
        "qualification.entered",
        _("A qualification of {title} to confirm, entered by {actor}"),
        _("A qualification from before the mission waits for you to confirm it"),
        tone="waiting",
    ),
    NotificationKind(
        "qualification.confirmed",
        _("A qualification of {title} was confirmed by {actor}"),
        _("A qualification of yours was confirmed"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "qualification.revoked",
        _("A qualification of {title} was revoked by {actor}"),
        _("A qualification of yours was revoked"),
        tone="refused",
    ),
]
