"""What runs: work that was given up, tokens of programs, and the documents that were made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cimic_portal.core.admin.base import Closed, SharedAdmin
from cimic_portal.core.models import ApiToken, Document, OutboxEntry, OutboxState
from cimic_portal.core.services.outbox import try_again
from cimic_portal.core.services.tokens import revoke_token


class ReasonActionForm(ActionForm):
    """The reason is kept with what is done."""

    reason = forms.CharField(label=gettext_lazy("Reason:"), required=False, max_length=200)


class LookedAt(Closed):
    """Rows that the portal itself makes: administrators look at them and do verbs on them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutboxEntry)
class OutboxEntryAdmin(LookedAt):
    """Dead letters. What they are about is not shown: it may be a record that the reader may not see."""

    list_display = ("id", "kind", "queue", "attempts", "last_error", "created_at")
    list_filter = ("kind", "queue")
    fields = ("kind", "queue", "state", "attempts", "created_at", "due_at", "last_error")
    ordering = ("-id",)
    actions = ("try_again",)
    action_form = ReasonActionForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxEntry]:
        rows: QuerySet[OutboxEntry] = super().get_queryset(request)
        return rows.filter(state=OutboxState.DEAD).defer("payload")

    @admin.action(description=gettext_lazy("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxEntry]) -> None:
        taken_up = try_again(
            queryset.values_list("pk", flat=True),
            actor=request.user,  # type: ignore[arg-type]
            reason=request.POST.get("reason", "")[:200],
        )
        words = ngettext("%(count)s entry is tried again.", "%(count)s entries are tried again.", taken_up)
        self.message_user(request, words % {"count": taken_up}, messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(LookedAt):
    """Tokens are made by their owners; an administrator can end one."""

    list_display = ("prefix", "name", "person", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    search_fields = ("prefix", "name", "person__family_name", "person__email")
    fields = (
        "person",
        "name",
        "prefix",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    actions = ("end",)

    @admin.action(description=gettext_lazy("End now"))
    def end(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            revoke_token(token, actor=request.user)  # type: ignore[arg-type]
        self.message_user(request, _("Ended. Programs with these tokens are refused from now on."))


@admin.register(Document)
class DocumentAdmin(SharedAdmin):
    list_display = ("title", "kind", "state", "owner_office", "author", "classification", "created_at")
    list_filter = ("state", "classification", "owner_office")
    search_fields = ("title", "reference")
    list_select_related = ("owner_office", "author")
    # Where the file lies, and how many sources it has, is nobody's business here.
    silent_fields = SharedAdmin.silent_fields | {"parameters", "sha256", "source_count"}
