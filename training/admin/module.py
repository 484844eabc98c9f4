"""Modules in the administration: who keeps one is named here; drafts are looked at as the rule allows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from training.models import Module, ModuleDraft


@admin.register(Module)
class ModuleAdmin(PortalAdmin):
    """What is learned is written and released on the pages of drafts: here only who keeps it is set."""

    list_display = ("title", "kind", "language", "course", "office", "edition", "is_archived")
    list_filter = ("is_archived", "kind", "language")
    list_select_related = ("course", "office")
    search_fields = ("title", "summary")
    fields = ("title", "summary", "kind", "edition", "published_on", "office", "is_archived")
    readonly_fields = ("title", "summary", "kind", "edition", "published_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ModuleDraft)
class ModuleDraftAdmin(SharedAdmin):
    list_display = ("title", "state", "kind", "owner_office", "author", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("owner_office", "author")
    search_fields = ("title", "reference")
