"""Exercises in the administration: looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin

from cimic_portal.core.admin.base import SharedAdmin
from training.models import Exercise


@admin.register(Exercise)
class ExerciseAdmin(SharedAdmin):
    list_display = ("title", "form", "state", "starts_at", "owner_office", "author", "classification")
    list_filter = ("state", "form", "classification", "owner_office")
    list_select_related = ("owner_office", "author")
    search_fields = ("title", "reference")
