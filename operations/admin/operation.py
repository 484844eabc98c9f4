"""Types, mandate tasks and procedures are managed; operations are looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin

from cimic_portal.core.admin.base import PortalAdmin, PortalInline, SharedAdmin
from operations.models import MandateTask, Operation, OperationType, Procedure, ProcedureStep


@admin.register(OperationType)
class OperationTypeAdmin(PortalAdmin):
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(MandateTask)
class MandateTaskAdmin(PortalAdmin):
    list_display = ("code", "text", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("code", "text")
    ordering = ("code",)


class ProcedureStepInline(PortalInline):
    model = ProcedureStep
    fields = ("text", "order")


@admin.register(Procedure)
class ProcedureAdmin(PortalAdmin):
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
