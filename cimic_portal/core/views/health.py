"""How the portal is, for those who watch over it."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from cimic_portal.core.health import health
from cimic_portal.core.metrics import exposition


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Database, broker, worker, stream and outbox as JSON; 503 when one is down. Asks for no sign-in."""
    facts = health()
    return JsonResponse(facts, status=200 if facts["status"] == "ok" else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, for whoever brings the token of the settings; there is no page without one."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
