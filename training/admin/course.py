"""Courses and rules are managed in the administration; training records are looked at as the rule allows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from training.models import Course, TrainingRecord, TrainingRules


@admin.register(Course)
class CourseAdmin(PortalAdmin):
    list_display = ("code", "title", "phase", "office", "validity_months", "is_archived")
    list_filter = ("phase", "is_archived", "office")
    list_select_related = ("office",)
    search_fields = ("code", "title")
    ordering = ("code",)


@admin.register(TrainingRules)
class TrainingRulesAdmin(PortalAdmin):
    """One row; it is there from the beginning."""

    list_display = ("__str__",)
    fields = ("centre",)
    autocomplete_fields = ("centre",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(TrainingRecord)
class TrainingRecordAdmin(SharedAdmin):
    list_display = ("person", "owner_office", "classification")
    list_filter = ("owner_office",)
    search_fields = ("person__family_name", "reference")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With its office: `visible_to` takes the person along, and Django then leaves out
        `list_select_related`."""
        return super().get_queryset(request).select_related("owner_office")
