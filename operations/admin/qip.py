"""Quick impact projects in the administration: criteria, rules and the committee's seats."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from operations.models import Qip, QipCriterion, QipRules, QipSeat


@admin.register(QipCriterion)
class QipCriterionAdmin(PortalAdmin):
    list_display = ("name", "help_text", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(QipRules)
class QipRulesAdmin(PortalAdmin):
    """One row; it is there from the beginning."""

    list_display = ("__str__", "ceiling", "currency", "quorum", "nearby_km")
    fields = ("ceiling", "currency", "quorum", "nearby_km")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(QipSeat)
class QipSeatAdmin(PortalAdmin):
    """A seat that ends is archived; its position can come back into it."""

    list_display = ("position", "is_chair", "is_archived")
    list_filter = ("is_archived",)
    list_select_related = ("position__office",)
    search_fields = ("position__title", "position__office__name")
    autocomplete_fields = ("position",)


@admin.register(Qip)
class QipAdmin(SharedAdmin):
    list_display = ("title", "state", "budget", "currency", "owner_office", "author", "classification")
    list_filter = ("state", "classification", "owner_office")
    list_select_related = ("owner_office", "author")
    search_fields = ("title", "reference")
