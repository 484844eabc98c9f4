"""Requirements in the administration."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cimic_portal.core.admin.base import PortalAdmin
from training.models import Requirement


@admin.register(Requirement)
class RequirementAdmin(PortalAdmin):
    list_display = ("course", "whom", "target_words", "due_words", "always", "is_archived")
    list_filter = ("whom", "component", "is_archived")
    search_fields = ("course__code", "course__title")
    autocomplete_fields = ("office", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Requirement]:
        return super().get_queryset(request).select_related("course", "office", "position__office", "kind")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.version += change
        super().save_model(request, obj, form, change)
