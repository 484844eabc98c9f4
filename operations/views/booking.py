"""Pages of bookings: one with its verbs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.services.notifications import mark_read_about
from cimic_portal.core.views.verbs import offered, perform
from operations.models import BookedFor, Booking, OperationTask
from operations.views.asset_verbs import BOOKING_VERBS


def fetch(request: HttpRequest, pk: int) -> Booking:
    """The booking, or 404 where this person may not see it."""
    rows = Booking.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "asset__kind",
        "asset__owner_office__parent",
        "office__organisation",
        "requested_by",
        "decider__office",
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


def booking_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking: which asset, when, for whom and what, where it stands."""
    person: Any = request.user
    booking = fetch(request, pk)
    uses = BookedFor.objects.visible_to(person).filter(booking=booking)
    use = uses.select_related("operation").first()
    shown: list[Any] = [booking.asset, *([use.operation] if use else [])]
    log_read(person, "booking", shown)
    mark_read_about(person, booking.asset)
    context = {
        "title": booking.asset.name,
        "booking": booking,
        "use": use,
        "task": _task(use, use.task_key, person) if use and use.task_key else None,
        "page_classification": max(one.classification for one in shown),
        "actions": offered(BOOKING_VERBS, person, booking),
    }
    return render(request, "operations/booking/detail.html", context)


def _task(use: BookedFor, key: UUID, person: Any) -> OperationTask | None:
    """The task as the newest revision that the reader sees has it."""
    rows = OperationTask.objects.visible_to(person).filter(revision__operation=use.operation_id, key=key)
    found: OperationTask | None = rows.order_by("-revision__number").first()
    return found


def booking_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Confirm, decline, move, take back, release."""
    return perform(request, fetch(request, pk), BOOKING_VERBS, verb)  # type: ignore[arg-type]
