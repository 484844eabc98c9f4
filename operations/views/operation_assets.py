"""Assets of an operation: what is booked for it, and asking for more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import Refused, require
from cimic_portal.core.templatetags.moments import moment_text
from operations.forms.booking import FindForm, RequestForm
from operations.models import Asset, BookedFor, Booking, BookingState, Operation, OperationTask, Participation
from operations.policies.asset import can_keep
from operations.policies.booking import can_request, may_be_supported
from operations.reports.plan_book import find_revision
from operations.schedule.asset_use import taken_times
from operations.services.asset_inputs import BookingInput
from operations.services.booking import request_asset
from operations.views.frame import fetch, page_of

# On one page; more are found by kind and words.
MOST_FREE, MOST_TAKEN = 40, 20


def tasks_of(operation: Operation, person: Any) -> list[OperationTask]:
    """The tasks of the revision that counts now, as the person reads them."""
    revision = find_revision(person, operation, "")
    if revision is None:
        return []
    return list(
        OperationTask.objects.visible_to(person).filter(revision=revision).order_by("starts_at", "pk")
    )


def operation_assets(request: HttpRequest, reference: str) -> HttpResponse:
    """What is booked for an operation, what waits for an answer, and what is over."""
    person: Any = request.user
    operation = fetch(request, reference)
    tasks = {task.key: task for task in tasks_of(operation, person)}
    uses = BookedFor.objects.visible_to(person).filter(operation=operation)
    keys = dict(uses.values_list("booking_id", "task_key"))
    bookings = (
        Booking.objects.visible_to(person)
        .filter(pk__in=keys)
        .select_related("asset__kind", "asset__owner_office", "office")
        .order_by("starts_at", "pk")
    )
    rows = [_row(booking, keys[booking.pk], tasks) for booking in bookings]
    asking = can_request(person, operation)
    action = {
        "label": _("Ask for an asset"),
        "url": reverse("asset_request", args=[operation.reference]),
        "page": True,
        "primary": True,
        "refused": asking.reason if isinstance(asking, Refused) else "",
    }
    context = {
        **page_of(person, operation, "operation_assets", [booking.asset for booking in bookings]),
        "open_rows": [row for row in rows if row["booking"].is_open],
        "past_rows": [row for row in rows if not row["booking"].is_open],
        "waiting": sum(row["booking"].state == BookingState.REQUESTED for row in rows),
        "support": may_be_supported(operation) if asking else None,
        "actions": [action],
    }
    return render(request, "operations/booking/of_operation.html", context)


def _row(booking: Booking, key: UUID | None, tasks: dict[UUID, OperationTask]) -> dict[str, Any]:
    """A booking with its task, and what does not fit; one whose task left the plan says so."""
    task = tasks.get(key) if key else None
    flags = []
    if booking.is_open:
        if key and task is None:
            flags.append(_("Its task is not in the plan any more."))
        elif task and (booking.ends_at <= task.starts_at or booking.starts_at >= task.ends_at):
            flags.append(_("Booked for other times than its task."))
        elif task and (booking.starts_at > task.starts_at or booking.ends_at < task.ends_at):
            flags.append(_("Booked for a part of its task."))
        if booking.asset.state != "in_service":
            flags.append(str(booking.asset.get_state_display()))
    return {"booking": booking, "task": task, "flags": flags}


def asset_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Find what is free in a time, and ask for it; what one's own office holds is booked at once.

    One form with two buttons: looking keeps what was typed, and what is asked for is asked for the
    times that are seen.
    """
    person: Any = request.user
    operation = fetch(request, reference)
    require(can_request(person, operation))
    tasks = tasks_of(operation, person)
    posted = request.method == "POST" and "look" not in request.POST
    find = FindForm(_asked(request, operation, tasks), tasks=tasks)
    form = RequestForm(request.POST if posted else None, person=person, initial=request.POST.dict())
    if posted and find.is_valid() and form.is_valid():
        try:
            booking = request_asset(operation, _input(find, form), actor=person)
        except InvalidError as error:
            form.show(error, find)
        else:
            own = booking.state == BookingState.CONFIRMED
            words = (
                _("%(asset)s is booked, %(start)s – %(end)s.")
                if own
                else _("%(asset)s is asked for, %(start)s – %(end)s. You are told of the answer.")
            )
            when = {"start": moment_text(booking.starts_at), "end": moment_text(booking.ends_at)}
            messages.success(request, words % {"asset": booking.asset, **when})
            return redirect("operation_assets", operation.reference)
    found = _found(find, operation, person)
    shown = [operation, *_named_in(found)]
    log_read(person, "asset request", shown)
    context = {
        "title": _("Ask for an asset"),
        "sub": operation.title,
        "record": operation,
        "find": find,
        "form": form,
        "chosen": request.POST.get("asset", ""),
        "cancel_url": reverse("operation_assets", args=[operation.reference]),
        "page_classification": max(record.classification for record in shown),
        **found,
    }
    status = 422 if posted else 200
    return render(request, "operations/booking/request.html", context, status=status)


def _asked(request: HttpRequest, operation: Operation, tasks: list[OperationTask]) -> Any:
    """What is looked for; at first what is left of the task in the address, else of the operation."""
    if request.method == "POST":
        return request.POST
    data = request.GET.copy()
    if "starts_at_0" not in data:
        key = data.get("task", "")
        task = next((one for one in tasks if str(one.key) == key), None)
        start, end = (task.starts_at, task.ends_at) if task else (operation.starts_at, operation.ends_at)
        start = max(start, _next_hour())
        for name, at in (("starts_at", start), ("ends_at", max(end, start + timedelta(hours=1)))):
            data[f"{name}_0"], data[f"{name}_1"] = _split(at)
    return data


def _next_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _split(at: datetime) -> tuple[str, str]:
    local = timezone.localtime(at)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"


def _input(find: FindForm, form: RequestForm) -> BookingInput:
    looked, asked = find.cleaned_data, form.cleaned_data
    return BookingInput(
        asset=asked["asset"],
        starts_at=looked["starts_at"],
        ends_at=looked["ends_at"],
        purpose=asked["purpose"],
        office=asked["office"],
        task=looked["task"],
    )


def _found(find: FindForm, operation: Operation, person: Any) -> dict[str, Any]:
    """Free assets, nearest first: of one's own office, of those who take part, of others; then taken ones."""
    find.is_valid()
    looked = find.cleaned_data
    start, end = looked.get("starts_at"), looked.get("ends_at")
    if not start or not end or end <= start:
        return {"free": [], "taken": [], "looked": False}
    rows = Asset.objects.visible_to(person).usable().select_related("kind", "owner_office", "home")
    if looked.get("kind"):
        rows = rows.filter(kind=looked["kind"])
    for word in looked.get("q", "").split()[:8]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(capabilities__icontains=word) | Q(languages__icontains=word)
        )
    parts = Participation.objects.visible_to(person).filter(operation=operation)
    near = Case(
        When(owner_office__in=person.access.offices, then=Value(0)),
        When(
            owner_office__in=list(parts.values_list("office", flat=True).exclude(office=None)), then=Value(1)
        ),
        default=Value(2),
        output_field=IntegerField(),
    )
    free = rows.free_between(start, end, person)
    ordered = list(free.order_by(near, "kind__order", "name", "pk")[:MOST_FREE])
    others = list(rows.exclude(pk__in=free.order_by().values("pk")).order_by("name", "pk")[: MOST_TAKEN + 1])
    return {
        "free": [(asset, bool(can_keep(person, asset))) for asset in ordered],
        "is_cut": len(ordered) == MOST_FREE,
        "taken": _until(others[:MOST_TAKEN], start, end, person),
        "taken_is_cut": len(others) > MOST_TAKEN,
        "looked": True,
    }


def _named_in(found: dict[str, Any]) -> list[Any]:
    """Every record that the page names: free and taken assets, and for what they are taken."""
    taken = [row["asset"] for row in found["taken"]]
    uses = [row["taken"].operation for row in found["taken"] if row["taken"] and row["taken"].operation]
    return [*(asset for asset, _own in found["free"]), *taken, *uses]


def _until(assets: list[Asset], start: datetime, end: datetime, person: Any) -> list[dict[str, Any]]:
    """What is not free, with the first thing that takes it."""
    first: dict[int, Any] = {}
    for one in taken_times(assets, start, end, person):
        first.setdefault(one.asset_id, one)
    return [{"asset": asset, "taken": first.get(asset.pk)} for asset in assets]
