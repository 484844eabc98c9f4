"""The feed of sessions for calendar programs."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from cimic_portal.core.api.authentication import CalendarAuthentication, SessionAuthentication
from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Person, Scope
from training.reports.session_calendar import CALENDAR_TYPE, calendar_of, entries_of


class _OneForm(BaseContentNegotiation):
    """Calendar programs ask for many things and take the one that there is."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class CalendarFeed(APIView):
    """One's own seats and the sessions on offer, as iCalendar. Asked by the rule on every fetch.

    Opened by a token for the calendar or for reading, in a header only: an address lands in logs.
    """

    # No noun of the API: programs that speak JSON read `sessions` and `seats`.
    schema = None
    authentication_classes = [CalendarAuthentication, SessionAuthentication]
    content_negotiation_class = _OneForm
    scopes_enough = frozenset({Scope.CALENDAR, Scope.READ})

    def get(self, request: Request) -> HttpResponse:
        person = cast(Person, request.user)
        entries = entries_of(person)
        log_read(person, "calendar", {seat.record for _session, seat in entries if seat is not None})
        return HttpResponse(calendar_of(entries), content_type=CALENDAR_TYPE)
