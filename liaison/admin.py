"""Liaison in the administration: kinds of engagement are managed, records looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.admin.setting import SettingAdmin
from liaison.models import Contact, Engagement, EngagementKind, Tasking


@admin.register(EngagementKind)
class EngagementKindAdmin(SettingAdmin):
    affects = gettext_lazy(
        "Offered when a contact is logged or planned, and in the filters of the list. A key leader kind is "
        "never chosen by itself."
    )
    list_display = ("name", "is_key_leader", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(Engagement)
class EngagementAdmin(SharedAdmin):
    list_display = ("purpose", "kind", "state", "starts_at", "owner_office", "author", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("kind", "owner_office", "author")
    search_fields = ("purpose", "reference")


@admin.register(Contact)
class ContactAdmin(SharedAdmin):
    list_display = ("name", "role", "organisation", "owner_office", "classification")
    list_filter = ("classification", "owner_office")
    list_select_related = ("organisation", "owner_office")
    search_fields = ("name", "reference")


@admin.register(Tasking)
class TaskingAdmin(SharedAdmin):
    list_display = ("title", "state", "assignee", "due_at", "owner_office", "classification")
    list_filter = ("state", "classification", "owner_office")
    list_select_related = ("assignee__office", "owner_office")
    search_fields = ("title", "reference")
