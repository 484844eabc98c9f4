"""What changed since a person last said that they had seen it, in their view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.models import Person
from liaison.models import Engagement, Tasking
from operations.models import JournalEntry, Operation, Participation

if TYPE_CHECKING:
    from cimic_portal.core.sharing.records import SharedRecord

# Of each kind. What is marked as seen was shown; beyond this one reads the lists.
MOST = 25
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
    """Until when the person has seen what changed, at most two weeks back.

    It moves on when they say so, not when they sign in: a glance, or a second device, empties nothing.
    """
    earliest = timezone.now() - LONGEST_AWAY
    return max(person.seen_until or earliest, earliest)


def mark_seen(person: Person, until: datetime) -> None:
    """The person has seen what was shown at `until` (aware). Never back, and never ahead of the clock."""
    moment = min(until, timezone.now())
    later = Q(seen_until__isnull=True) | Q(seen_until__lt=moment)
    Person.objects.filter(later, pk=person.pk).update(seen_until=moment)


def what_changed(person: Person, since: datetime) -> list[Changed]:
    """What went on in every app since then, newest first; the person's own steps left out."""
    found = [
        *_released(person, since),
        *_answered(person, since),
        *_operations(person, since),
        *_journals(person, since),
    ]
    return sorted(found, key=lambda changed: changed.at, reverse=True)


def _operations(person: Person, since: datetime) -> list[Changed]:
    """Orders approved, and operations that came into staffing."""
    rows = (
        Operation.objects.visible_to(person)
        .filter(Q(approved_at__gt=since) | Q(staffed_at__gt=since))
        .exclude(author=person)
        .exclude(approved_by=person)
        .select_related("owner_office")
        .order_by("-staffed_at")[:MOST]
    )
    return [
        Changed(
            row,
            row.approved_at or row.staffed_at or since,
            row.title,
            row.get_absolute_url(),
            _("Operation by %(office)s") % {"office": row.owner_office},
            str(row.get_state_display()),
            row.state_tone,
        )
        for row in rows
    ]


def _journals(person: Person, since: datetime) -> list[Changed]:
    """Operations in which the person takes part, with how much others have entered in their journals."""
    mine = Participation.objects.visible_to(person).of_person(person).values("operation")
    entries = JournalEntry.objects.visible_to(person).standing().new_to(person, since)
    grown = (
        entries.filter(operation__in=mine)
        .order_by()
        .values("operation")
        .annotate(count=Count("pk"), newest=Max("entered_at"), urgent=Count("pk", filter=Q(is_urgent=True)))
    )
    found = {row["operation"]: row for row in grown.order_by("-newest")[:MOST]}
    rows = Operation.objects.visible_to(person).filter(pk__in=found)
    return [
        Changed(
            row,
            found[row.pk]["newest"],
            row.title,
            reverse("operation_journal", args=[row.reference]),
            ngettext("%(count)s new entry", "%(count)s new entries", found[row.pk]["count"])
            % {"count": found[row.pk]["count"]},
            _("Urgent") if found[row.pk]["urgent"] else _("Journal"),
            "refused" if found[row.pk]["urgent"] else "running",
        )
        for row in rows
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
