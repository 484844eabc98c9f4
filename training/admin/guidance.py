"""Guidance in the administration: kinds are managed, documents looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from training.models import Guidance, GuidanceKind


@admin.register(GuidanceKind)
class GuidanceKindAdmin(PortalAdmin):
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(Guidance)
class GuidanceAdmin(SharedAdmin):
    list_display = ("title", "number", "state", "kind", "owner", "owner_office", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("kind", "owner__office", "owner_office")
    search_fields = ("title", "number", "reference")
