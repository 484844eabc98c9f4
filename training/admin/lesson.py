"""Lessons in the administration: themes are managed, lessons looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.admin.setting import SettingAdmin
from training.models import Lesson, LessonTheme


@admin.register(LessonTheme)
class LessonThemeAdmin(SettingAdmin):
    affects = gettext_lazy("Offered when a lesson is written, and in the filters of the lessons.")
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(Lesson)
class LessonAdmin(SharedAdmin):
    list_display = ("title", "state", "theme", "owner", "owner_office", "author", "classification")
    list_filter = ("state", "theme", "classification", "owner_office")
    list_select_related = ("theme", "owner__office", "owner_office", "author")
    search_fields = ("title", "reference")
