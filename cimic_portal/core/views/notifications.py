"""What the reader was told: the list, opening one, marking as read, and the count in the frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.factors import lacks_factor
from cimic_portal.core.models import Notification
from cimic_portal.core.paging import CursorError, Keyset, Page, binding
from cimic_portal.core.services.notifications import Line, lines, mark_read
from cimic_portal.core.sharing.levels import Classification

CURSOR = "cursor"
# htmx ends a repeated request on this status.
STOP_ASKING = 286
_JOINED = ("actor", "position__office")


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """One's own lines, newest first, as far as the records behind them are visible now."""
    person: Any = request.user
    rows = Notification.objects.visible_to(person).select_related(*_JOINED)
    page, pager = _page(Keyset(rows, ["-id"]), request)
    shown = lines(person, page.rows)
    log_read(person, "notifications", _records(shown))
    return render(
        request,
        "core/notification/list.html",
        {
            "title": _("Notifications"),
            "lines": shown,
            "pager": pager,
            "page_classification": _level(shown),
        },
    )


def _page(keyset: Keyset[Notification], request: HttpRequest) -> tuple[Page[Notification], dict[str, str]]:
    person: Any = request.user
    own = binding(person.pk, "notifications", [])
    try:
        page = keyset.page(keyset.unseal(request.GET.get(CURSOR, ""), own))
    except CursorError:
        page = keyset.page(None)
    ways = {"previous_url": page.previous, "next_url": page.next}
    pager = {name: f"?{CURSOR}={keyset.seal(way, own)}" if way else "" for name, way in ways.items()}
    return page, {**pager, "label": _("newest first")}


def _records(shown: list[Line]) -> list[Any]:
    return list({(one._meta.label, one.pk): one for line in shown for one in line.records}.values())


def _level(shown: list[Line]) -> int:
    return max((line.classification for line in shown), default=Classification.UNCLASSIFIED)


@require_GET
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read and go to what it tells of. The address also stands in mails."""
    person: Any = request.user
    rows = Notification.objects.visible_to(person).select_related(*_JOINED)
    found = lines(person, [get_object_or_404(rows, pk=pk)])
    if not found:
        # Its kind is no longer known: the list does not show it either.
        return redirect("notifications")
    mark_read(person, found[0].notification)
    return redirect(found[0].address)


@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark one line (`line`, its number) or all as read."""
    person: Any = request.user
    asked = request.POST.get("line", "")
    if asked:
        number = int(asked) if asked.isdecimal() and len(asked) < 19 else 0  # noqa: PLR2004 - fits the column
        mark_read(person, get_object_or_404(Notification.objects.visible_to(person), pk=number))
    else:
        mark_read(person)
    return redirect("notifications")


@require_GET
def notifications_count(request: HttpRequest) -> HttpResponse:
    """The bell of the frame, which asks again now and then; after sign-out it is told to stop."""
    if not request.user.is_authenticated or lacks_factor(request):
        return HttpResponse(status=STOP_ASKING, headers={"HX-Reswap": "none"})
    return render(request, "components/bell.html")
