"""Kinds of asset are managed in the administration; assets are looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from operations.models import Asset, AssetKind


@admin.register(AssetKind)
class AssetKindAdmin(PortalAdmin):
    list_display = ("name", "has_languages", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(Asset)
class AssetAdmin(SharedAdmin):
    list_display = ("name", "kind", "state", "owner_office", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("kind", "owner_office")
    search_fields = ("name", "reference")
