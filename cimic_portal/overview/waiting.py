"""What waits for a person, across the apps: the first thing on the home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.overview.waiting_assets import assets_waiting
from cimic_portal.overview.waiting_exercises import exercises_waiting
from cimic_portal.overview.waiting_guidance import guidance_waiting
from cimic_portal.overview.waiting_lessons import lessons_waiting
from cimic_portal.overview.waiting_modules import modules_waiting
from cimic_portal.overview.waiting_qips import qips_waiting
from cimic_portal.overview.waiting_readiness import readiness_waiting
from cimic_portal.overview.waiting_training import training_waiting
from cimic_portal.overview.waits import MOST, Waiting
from liaison.models import Commitment, Engagement, Tasking, TaskingState
from operations.models import Acknowledgement, Concurrence, Operation, ReachedDecision

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def waiting_for(person: Person) -> list[Waiting]:
    """What is asked of the person in every app; most urgent first."""
    found = [
        *_to_answer(person),
        *_to_approve(person),
        *_to_decide(person),
        *_to_acknowledge(person),
        *_taskings(person),
        *_to_release(person),
        *_returned(person),
        *_unfinished(person),
        *_promises(person),
        *qips_waiting(person),
        *assets_waiting(person),
        *lessons_waiting(person),
        *modules_waiting(person),
        *guidance_waiting(person),
        *readiness_waiting(person),
        *training_waiting(person),
        *exercises_waiting(person),
    ]
    return sorted(found, key=lambda item: (not item.overdue, *item.urgency))


def _to_answer(person: Person) -> Iterator[Waiting]:
    rows = Concurrence.objects.visible_to(person).asked_of(person).select_related("operation", "position")
    for concurrence in rows.exclude(operation__author=person).order_by("due_at")[:MOST]:
        operation = concurrence.operation
        yield Waiting(
            record=operation,
            title=operation.title,
            url=operation.get_absolute_url(),
            sub=_("In staffing, for your answer as %(position)s") % {"position": concurrence.position.title}
            if concurrence.position
            else "",
            label=_("Answer"),
            tone="waiting",
            due=concurrence.due_at,
            overdue=concurrence.is_overdue,
        )


def _to_approve(person: Person) -> Iterator[Waiting]:
    """Operations in staffing on which everybody asked has answered."""
    rows = Operation.objects.visible_to(person).waiting_for_approval_by(person)
    silent = Concurrence.objects.visible_to(person).current().pending().filter(operation=OuterRef("pk"))
    for operation in rows.exclude(Exists(silent)).order_by("starts_at")[:MOST]:
        yield Waiting(
            record=operation,
            title=operation.title,
            url=operation.get_absolute_url(),
            sub=_("All have answered; it waits for your decision"),
            label=_("Decide"),
            tone="waiting",
            due=operation.starts_at,
        )


def _to_acknowledge(person: Person) -> Iterator[Waiting]:
    rows = Acknowledgement.objects.visible_to(person).asked_of(person)
    for row in rows.select_related("operation", "revision").order_by("revision__decided_at")[:MOST]:
        yield Waiting(
            record=row.operation,
            title=row.operation.title,
            url=row.operation.get_absolute_url(),
            sub=_("%(order)s concerns you") % {"order": row.revision.order_words},
            label=_("Acknowledge"),
            tone="waiting",
        )


def _to_decide(person: Person) -> Iterator[Waiting]:
    """Decision points of operations under way that are reached and wait for a position of the person's."""
    rows = ReachedDecision.objects.visible_to(person).asked_of(person)
    for row in rows.select_related("operation").order_by("reached_at")[:MOST]:
        yield Waiting(
            record=row.operation,
            title=row.title,
            url=reverse("decision_take", args=[row.operation.reference, row.pk]),
            sub=_("Decision point reached: %(operation)s") % {"operation": row.operation},
            label=_("Decide"),
            tone="waiting",
            due=row.reached_at,
            overdue=True,
        )


def _taskings(person: Person) -> Iterator[Waiting]:
    rows = (
        Tasking.objects.visible_to(person).tasked_to(person).open().select_related("issuer__office", "area")
    )
    for tasking in rows.order_by("due_at")[:MOST]:
        where = f" · {tasking.area}" if tasking.area else ""
        yield Waiting(
            record=tasking,
            title=tasking.title,
            url=tasking.get_absolute_url(),
            sub=_("Tasking from %(office)s") % {"office": tasking.issuer.office} + where,
            label=_("Acknowledge")
            if tasking.state == TaskingState.ISSUED
            else str(tasking.get_state_display()),
            tone=tasking.state_tone,
            due=tasking.due_at,
            overdue=tasking.is_overdue,
        )


def _to_release(person: Person) -> Iterator[Waiting]:
    rows = Engagement.objects.visible_to(person).waiting_for(person).select_related("author")
    for engagement in rows.order_by("submitted_at")[:MOST]:
        yield Waiting(
            record=engagement,
            title=engagement.purpose,
            url=engagement.get_absolute_url(),
            sub=_("Report by %(author)s waits for your release") % {"author": engagement.author},
            label=_("Release or return"),
            tone="waiting",
        )


def _returned(person: Person) -> Iterator[Waiting]:
    for engagement in (
        Engagement.objects.visible_to(person).returned_to(person).order_by("-updated_at")[:MOST]
    ):
        yield Waiting(
            record=engagement,
            title=engagement.purpose,
            url=engagement.get_absolute_url(),
            sub=f"“{engagement.returned_reason}”",
            label=str(engagement.get_state_display()),
            tone=engagement.state_tone,
        )


def _unfinished(person: Person) -> Iterator[Waiting]:
    for engagement in (
        Engagement.objects.visible_to(person).unfinished_of(person).order_by("-starts_at")[:MOST]
    ):
        planned = engagement.state == "planned"
        yield Waiting(
            record=engagement,
            title=engagement.purpose,
            url=engagement.get_absolute_url(),
            sub=_("Did the meeting take place?") if planned else _("Your draft report"),
            label=str(engagement.get_state_display()),
            tone=engagement.state_tone,
        )


def _promises(person: Person) -> Iterator[Waiting]:
    soon = timezone.localdate() + timedelta(days=7)
    rows = Commitment.objects.visible_to(person).owed_by_offices_of(person).filter(due_on__lte=soon)
    for promise in rows.select_related("engagement", "organisation").order_by("due_on")[:MOST]:
        whom = promise.organisation or promise.engagement
        yield Waiting(
            record=promise.engagement,
            title=promise.what,
            url=promise.engagement.get_absolute_url(),
            sub=_("Promised to %(whom)s") % {"whom": whom},
            label=str(promise.get_state_display()),
            tone=promise.state_tone,
            due=promise.due_on,
            overdue=promise.is_overdue,
        )
