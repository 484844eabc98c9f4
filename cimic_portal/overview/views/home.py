"""The home page: what waits for you, what changed, and whether we keep our word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.makers import highest
from cimic_portal.overview.changes import mark_seen, since_when, what_changed
from cimic_portal.overview.figures import keeping_our_word
from cimic_portal.overview.waiting import waiting_for

NOON, EVENING = 12, 18
# As many as a tired person takes in at a glance; the rest is one press away.
FIRST = 8


def home(request: HttpRequest) -> HttpResponse:
    """What waits first, as a list with due times; then what changed; then figures."""
    person: Any = request.user
    now = timezone.localtime()
    waiting = waiting_for(person)
    since = since_when(person)
    changed = what_changed(person, since)
    word = keeping_our_word(person)
    shown = [*(item.record for item in waiting if item.record), *(item.record for item in changed)]
    log_read(person, "home", shown)
    return render(
        request,
        "overview/home.html",
        {
            "greeting": _greeting(now, len(waiting)),
            "now": now,
            "page_classification": highest(shown),
            "waiting": waiting[:FIRST],
            "more": waiting[FIRST:],
            "since": since,
            "changed": changed[:FIRST],
            "more_changed": changed[FIRST:],
            # With the fraction of a second, so that what came in the same one is not lost.
            "until": now.isoformat(),
            "word": word,
            "points": [
                {"label": _("Week of %(day)s") % {"day": f"{week:%d.%m.}"}, "value": rate}
                for week, rate in word.weeks
                if rate is not None
            ],
        },
    )


def _greeting(now: datetime, count: int) -> str:
    if now.hour < NOON:
        hello = _("Good morning.")
    else:
        hello = _("Good afternoon.") if now.hour < EVENING else _("Good evening.")
    if not count:
        return f"{hello} {_('Nothing waits for you')}"
    waits = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", count)
    return f"{hello} {waits % {'count': count}}"


@require_POST
def changes_seen(request: HttpRequest) -> HttpResponse:
    """What changed is seen, as far as it was shown; what came since then stays new."""
    person: Any = request.user
    shown = _moment(request.POST.get("until", ""))
    if shown is not None:
        mark_seen(person, shown)
        messages.success(request, _("Marked as seen."))
    return redirect("home")


def _moment(text: str) -> datetime | None:
    """An aware moment as the page wrote it; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
