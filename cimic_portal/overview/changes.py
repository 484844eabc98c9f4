"""What changed since a person last looked, in their view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.models import Engagement, Tasking

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from cimic_portal.core.sharing.records import SharedRecord

MOST = 8
# Someone who was away longer reads the lists instead.
LONGEST_AWAY = timedelta(days=14)


@dataclass(frozen=True)
class Changed:
    """One line: what changed, when, and the record behind it."""

    record: SharedRecord
    at: datetime
    title: str
    url: str
    text: str
    label: str
    tone: str


def since_when(person: Person) -> datetime:
    """The moment the person last looked, at most two weeks back."""
    earliest = timezone.now() - LONGEST_AWAY
    return max(person.seen_until or earliest, earliest)


def what_changed(person: Person, since: datetime) -> list[Changed]:
    """Reports released and taskings answered since then, newest first; the person's own steps left out."""
    return sorted([*_released(person, since), *_answered(person, since)], key=lambda c: c.at, reverse=True)[
        :MOST
    ]


def _released(person: Person, since: datetime) -> list[Changed]:
    rows = (
        Engagement.objects.visible_to(person)
        .filter(published_at__gt=since)
        .exclude(author=person)
        .exclude(released_by=person)
        .select_related("owner_office")
        .order_by("-published_at")[:MOST]
    )
    return [
        Changed(
            row,
            row.published_at or since,
            row.purpose,
            row.get_absolute_url(),
            _("Report by %(office)s") % {"office": row.owner_office},
            str(row.get_state_display()),
            row.state_tone,
        )
        for row in rows
    ]


def _answered(person: Person, since: datetime) -> list[Changed]:
    rows = (
        Tasking.objects.visible_to(person)
        .filter(issuer__in=person.access.positions, updated_at__gt=since)
        .exclude(state="issued")
        .select_related("assignee__office")
        .order_by("-updated_at")[:MOST]
    )
    return [
        Changed(
            row,
            row.updated_at,
            row.title,
            row.get_absolute_url(),
            _("Tasking to %(position)s") % {"position": row.assignee},
            str(row.get_state_display()),
            row.state_tone,
        )
        for row in rows
    ]
