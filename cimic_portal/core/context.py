"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cimic_portal.core.sections import quick_entry, sections_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """Sections, quick entry and the person's post, for `base.html`."""
    base: dict[str, Any] = {"mission_name": settings.MISSION_NAME, "is_demo": settings.DEMO}
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return base
    from cimic_portal.core.models import Notification, Position

    return {
        **base,
        "sections": sections_for(request.path),
        "quick_entry": quick_entry(person),
        "unread_count": Notification.objects.unread_count(person),
        "posts": Position.objects.held_by(person),
    }
