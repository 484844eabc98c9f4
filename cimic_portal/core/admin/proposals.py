"""What waits for a second administrator, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.running import LookedAt, ReasonActionForm
from cimic_portal.core.errors import PortalError
from cimic_portal.core.models import Proposal
from cimic_portal.core.services.proposals import confirm, refuse


@admin.register(Proposal)
class ProposalAdmin(LookedAt):
    """Confirmed or refused by another administrator than the one who proposed it."""

    list_display = ("__str__", "state", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state", "kind")
    list_select_related = ("person", "position__office", "proposed_by", "decided_by")
    search_fields = ("person__family_name", "person__given_name", "position__title", "reason")
    fields = (
        "kind",
        "person",
        "position",
        "clearance",
        "since",
        "until",
        "reason",
        "state",
        "proposed_by",
        "proposed_at",
        "decided_by",
        "decided_at",
        "answer",
    )
    actions = ("confirm", "refuse")
    action_form = ReasonActionForm

    @admin.action(description=gettext_lazy("Confirm"))
    def confirm(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        self._each(request, queryset, lambda one: confirm(one, actor=request.user))  # type: ignore[arg-type]

    @admin.action(description=gettext_lazy("Refuse, with a reason"))
    def refuse(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> None:
        reason = request.POST.get("reason", "")[:200]
        self._each(request, queryset, lambda one: refuse(one, actor=request.user, reason=reason))  # type: ignore[arg-type]

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Proposal], decide: Callable[[Proposal], Any]
    ) -> None:
        """Each by itself: one that cannot be decided leaves the others alone."""
        for one in queryset:
            try:
                decide(one)
            except PortalError as error:
                self.message_user(request, f"{one}: {error.message}", messages.ERROR)
            else:
                one.refresh_from_db()
                self.message_user(request, f"{one}: {one.get_state_display()}", messages.SUCCESS)
