"""One notification as one mail. What it says depends on the record's level at the moment it goes out."""

from __future__ import annotations

import re
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from cimic_portal.core.models import Notification
from cimic_portal.core.services.notifications import Line, lines, marked
from cimic_portal.core.sharing.levels import Classification

if TYPE_CHECKING:
    from cimic_portal.core.models import OutboxEntry

_LONGEST_SUBJECT = 150


def mail(entry: OutboxEntry) -> None:
    """Send the mail of one notification. For workers: see `delivery`.

    Nothing is sent to a person who is no longer active or may no longer see the record. A mail of
    which nobody knows whether the server took it is sent again under the same Message-ID.
    """
    rows = Notification.objects.select_related("person", "position", "actor")
    notification = rows.filter(pk=entry.payload["notification"]).first()
    if notification is None or not notification.person.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        for line in lines(notification.person, [notification]):
            _message(line, message_id(entry.pk)).send()


def message_id(pk: int) -> str:
    """The same for every try of one entry; it tells nobody how many there are."""
    digest = salted_hmac("core.mail", str(pk), algorithm="sha256").hexdigest()[:32]
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{digest}@{host or urlsplit(settings.PORTAL_URL).hostname}>"


def _message(line: Line, name: str) -> EmailMultiAlternatives:
    is_open = line.classification == Classification.UNCLASSIFIED
    words = line.text if is_open else marked(line.record, str(line.kind.plain))
    path = reverse("notification_open", args=[line.notification.pk])
    context = {
        "mark": line.record.mark,
        "words": words,
        "link": settings.PORTAL_URL.rstrip("/") + path,
        "mission_name": settings.MISSION_NAME,
    }
    message = EmailMultiAlternatives(
        subject=_one_line(f"[{settings.MISSION_NAME}] {words}"),
        body=render_to_string("emails/notification.txt", context),
        to=[line.notification.person.email],
        headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("emails/notification.html", context), "text/html")
    return message


def _one_line(text: str) -> str:
    """Fit for a header: titles are typed by people and may hold anything."""
    plain = " ".join(re.sub(r"[\x00-\x1f\x7f]+", " ", text).split())
    return plain if len(plain) <= _LONGEST_SUBJECT else plain[: _LONGEST_SUBJECT - 1] + "…"
