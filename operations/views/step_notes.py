"""What whoever takes a step should have in view: gaps, dates, what the step ends. It hinders nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.templatetags.moments import day_text, moment_text
from operations.models import (
    OPEN_BOOKINGS,
    Acknowledgement,
    BookedFor,
    OperationTask,
    PlanRevision,
    TaskProgress,
    TaskState,
)
from operations.reports.plan_book import find_revision
from operations.reports.quality import plan_quality

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from operations.models import Booking, Operation

# Checklists are worked off while it runs.
_LATER = {"steps"}


def plan_notes(person: Person, operation: Operation) -> dict[str, Any]:
    """What the plan that is decided on still lacks."""
    revision = find_revision(person, operation, "")
    if revision is None:
        return {}
    gaps = plan_quality(person, operation, revision)
    found = [f"{gap.label}: {gap.count}" for gap in gaps if gap.count and gap.name not in _LATER]
    if not found:
        return {}
    return {"notes": [_("The plan lacks something. %(what)s.") % {"what": "; ".join(found)}]}


def begin_notes(person: Person, operation: Operation) -> dict[str, Any]:
    """Who has not read the order yet, and a period that has not begun."""
    notes = []
    if operation.starts_at > timezone.now():
        notes.append(_("Its period begins on %(day)s only.") % {"day": moment_text(operation.starts_at)})
    silent = Acknowledgement.objects.visible_to(person).pending().filter(operation=operation).count()
    if silent:
        words = ngettext(
            "%(count)d participant has not acknowledged the order.",
            "%(count)d participants have not acknowledged the order.",
            silent,
        )
        notes.append(words % {"count": silent})
    return {"notes": notes}


def complete_notes(person: Person, operation: Operation) -> dict[str, Any]:
    """What is not done yet, and which bookings end with it."""
    notes = []
    if operation.ends_at > timezone.now():
        notes.append(_("Its period ends on %(day)s only.") % {"day": moment_text(operation.ends_at)})
    settled = TaskProgress.objects.visible_to(person).filter(
        operation=operation, state__in=(TaskState.DONE, TaskState.DROPPED)
    )
    left = (
        OperationTask.objects.visible_to(person)
        .filter(revision__in=PlanRevision.objects.visible_to(person).in_force().filter(operation=operation))
        .exclude(key__in=settled.values("task_key"))
        .count()
    )
    if left:
        words = ngettext(
            "%(count)d task is neither done nor dropped.",
            "%(count)d tasks are neither done nor dropped.",
            left,
        )
        notes.append(words % {"count": left})
    booked = _booked(person, operation).count()
    if booked:
        words = ngettext(
            "%(count)d booking of an asset ends with it.", "%(count)d bookings of assets end with it.", booked
        )
        notes.append(words % {"count": booked})
    return {"notes": notes}


def period_notes(person: Person, operation: Operation, revision: PlanRevision) -> dict[str, Any]:
    """What would lie outside the period as this FRAGO has it."""
    _start, end = revision.period
    notes = []
    tasks = OperationTask.objects.visible_to(person).filter(revision=revision)
    late = tasks.filter(ends_at__gt=end).count()
    if late:
        words = ngettext(
            "%(count)d task ends after the period, which ends on %(day)s.",
            "%(count)d tasks end after the period, which ends on %(day)s.",
            late,
        )
        notes.append(words % {"count": late, "day": day_text(end)})
    booked = _booked(person, operation).filter(booking__ends_at__gt=end).count()
    if booked:
        words = ngettext(
            "%(count)d booking of an asset goes on after it.",
            "%(count)d bookings of assets go on after it.",
            booked,
        )
        notes.append(words % {"count": booked})
    return {"notes": notes}


def booking_facts(_person: Person, booking: Booking) -> dict[str, Any]:
    """Who asks for it, when and for what. Not for which operation: the page is classified as the asset is."""
    facts = [
        f"{moment_text(booking.starts_at)} – {moment_text(booking.ends_at)}",
        _("Asked for by %(person)s, %(office)s: “%(purpose)s”")
        % {"person": booking.requested_by, "office": booking.office, "purpose": booking.purpose},
    ]
    if booking.asset.conditions:
        facts.append(_("Conditions of use: %(text)s") % {"text": booking.asset.conditions})
    return {"facts": facts}


def _booked(person: Person, operation: Operation) -> Any:
    uses = BookedFor.objects.visible_to(person).filter(operation=operation)
    return uses.filter(booking__state__in=OPEN_BOOKINGS)
