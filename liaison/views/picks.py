"""Suggestions of contacts, within the rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.views.picks import MOST, best_first, suggestions
from liaison.models import Contact


def contact_pick(request: HttpRequest) -> JsonResponse:
    """Contacts by part of the name, among those the reader may see."""
    reader: Any = request.user

    def rows(typed: str) -> Iterable[Contact]:
        visible = Contact.objects.visible_to(reader).filter(name__icontains=typed)
        found = list(best_first(visible.select_related("organisation"), typed, "name")[:MOST])
        log_read(reader, "suggested contacts", found)
        return found

    return suggestions(
        request, rows, lambda c: (c.reference, c.name, f"{c.role} {c.organisation or ''}".strip())
    )
