"""Types, mandate tasks and procedures are managed; operations are looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import PortalInline, SharedAdmin
from cimic_portal.core.admin.setting import SettingAdmin
from operations.models import MandateTask, Operation, OperationType, Procedure, ProcedureStep


@admin.register(OperationType)
class OperationTypeAdmin(SettingAdmin):
    affects = gettext_lazy(
        "Offered when an operation is drafted, and in the filters of its list; operations that stand keep"
        " their type."
    )
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(MandateTask)
class MandateTaskAdmin(SettingAdmin):
    affects = gettext_lazy("Each objective of a plan names the task of the mandate that it serves.")
    list_display = ("code", "text", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("code", "text")
    ordering = ("code",)


class ProcedureStepInline(PortalInline):
    model = ProcedureStep
    fields = ("text", "order")


@admin.register(Procedure)
class ProcedureAdmin(SettingAdmin):
    affects = gettext_lazy(
        "The checklist of an operation starts with these steps; lists that stand keep theirs."
    )
    list_display = ("name", "kind", "is_archived")
    list_filter = ("is_archived", "kind")
    list_select_related = ("kind",)
    search_fields = ("name",)
    inlines = (ProcedureStepInline,)


@admin.register(Operation)
class OperationAdmin(SharedAdmin):
    list_display = ("title", "kind", "state", "starts_at", "owner_office", "author", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("kind", "owner_office", "author")
    search_fields = ("title", "reference")
