"""The home page: what waits for you, what changed, and whether we keep our word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.makers import highest
from cimic_portal.core.models import Person
from cimic_portal.overview.changes import since_when, what_changed
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
    since = _since(request, person)
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
            "changed": changed,
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


def _since(request: HttpRequest, person: Person) -> datetime:
    """When the person last looked before this sign-in; a reload still shows what was new."""
    kept = parse_datetime(request.session.get("home_since", ""))
    if kept is not None:
        return kept
    since = since_when(person)
    request.session["home_since"] = since.isoformat()
    Person.objects.filter(pk=person.pk).update(seen_until=timezone.now())
    return since
