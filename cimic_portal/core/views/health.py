"""How the portal is, for those who watch over it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from cimic_portal.core.health import health


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Database, broker, worker, stream and outbox as JSON; 503 when one is down. Asks for no sign-in."""
    facts = health()
    return JsonResponse(facts, status=200 if facts["status"] == "ok" else 503)
