"""What people are told of sessions, seats and qualifications."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind
from cimic_portal.core.templatetags.moments import moment_text

if TYPE_CHECKING:
    from training.models import Enrolment


def seat_words(enrolment: Enrolment) -> str:
    """The course, and when and where its session is now."""
    session = enrolment.session
    words = [str(session.course), moment_text(session.starts_at), session.where]
    return ", ".join(filter(None, words))


_seat = partial(
    NotificationKind, about=seat_words, joins=("session__course", "session__place"), opens_part=True
)
_qualification = partial(NotificationKind, joins=("course",))

KINDS = [
    _seat(
        "enrolment.asked",
        _("{position} answers for {title}, who asks for a seat"),
        _("Somebody asks for a seat in a course, and you answer"),
        tone="waiting",
    ),
    _seat(
        "enrolment.seat",
        _("{title} has a seat in a session"),
        _("You have a seat in a session"),
        tone="running",
    ),
    _seat(
        "enrolment.waiting",
        _("{title} stands on the waiting list of a session"),
        _("You stand on the waiting list of a session"),
        tone="waiting",
    ),
    _seat(
        "enrolment.declined",
        _("The office, says {actor}, cannot let {title} go to a session"),
        _("Your office cannot let you go to a session"),
        tone="refused",
    ),
    _seat(
        "enrolment.withdrawn",
        _("{actor} gave up the seat of {title} in a session"),
        _("Your seat in a session was given up"),
        tone="refused",
    ),
    _seat(
        "session.changed",
        _("Another time or place for a session in which {title} is enrolled"),
        _("A session in which you are enrolled has another time or place"),
        tone="waiting",
    ),
    _seat(
        "session.cancelled",
        _("{actor} cancelled a session in which {title} is enrolled"),
        _("A session in which you are enrolled was cancelled"),
        tone="refused",
    ),
    _qualification(
        "qualification.awarded",
        _("{title} passed a course, and the certificate is ready"),
        _("You passed a course; the certificate is ready"),
        tone="done",
    ),
    _qualification(
        "qualification.entered",
        _("A qualification of {title} to confirm, entered by {actor}"),
        _("A qualification from before the mission waits for you to confirm it"),
        tone="waiting",
    ),
    _qualification(
        "qualification.confirmed",
        _("{actor} confirmed a qualification of {title}"),
        _("A qualification of yours was confirmed"),
        tone="done",
        by_mail=False,
    ),
    _qualification(
        "qualification.revoked",
        _("{actor} revoked a qualification of {title}"),
        _("A qualification of yours was revoked"),
        tone="refused",
    ),
]
