"""Guidance in the administration: kinds are managed, documents looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.admin.setting import SettingAdmin
from training.models import Guidance, GuidanceKind


@admin.register(GuidanceKind)
class GuidanceKindAdmin(SettingAdmin):
    affects = gettext_lazy("Offered when guidance is drafted, and in the filters of the library.")
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
