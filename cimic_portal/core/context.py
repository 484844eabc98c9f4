"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from cimic_portal.core.factors import lacks_factor
from cimic_portal.core.sections import quick_entry, sections_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Sections, quick entry and the person's post, for `base.html`."""
    base: dict[str, Any] = {"mission_name": settings.MISSION_NAME, "is_demo": settings.DEMO}
    base["oidc_name"] = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or lacks_factor(request):
        return base
    from cimic_portal.core.models import Notification, Position

    return {
        **base,
        "sections": sections_for(request.path),
        "quick_entry": quick_entry(person),
        "unread_count": Notification.objects.unread_count(person),
        "posts": Position.objects.held_by(person),
        "stream_url": _stream_url(request),
        "stream_place": getattr(request, "stream_place", ""),
    }


def _stream_url(request: HttpRequest) -> str:
    """Where the page finds the live stream; empty where the browser's cookies would not go along."""
    other_origin = urlsplit(settings.STREAM_URL).netloc
    if other_origin and request.get_host() != urlsplit(settings.PORTAL_URL).netloc:
        return ""
    return str(settings.STREAM_URL)
