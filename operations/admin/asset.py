"""Kinds of asset are managed in the administration; assets are looked at as the rule allows."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.admin.setting import Effect, OneRowAdmin, SettingAdmin, effects_of
from cimic_portal.core.models import Person
from operations.models import Asset, AssetKind, AssetRules, Booking


@admin.register(AssetKind)
class AssetKindAdmin(SettingAdmin):
    affects = gettext_lazy("Offered when an asset is entered or asked for, and in the filters of its lists.")
    list_display = ("name", "has_languages", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(AssetRules)
class AssetRulesAdmin(OneRowAdmin):
    affects = gettext_lazy(
        "Which assets their lists call over-used or under-used, and by when a request is to be answered "
        "before it goes up the chain. What is asked already keeps its time."
    )
    fields = ("over_used", "under_used", "answer_hours")

    def effects(self, row: AssetRules, reader: Person) -> list[Effect]:
        waiting = Booking.objects.visible_to(reader).waiting()
        overdue = waiting.filter(due_at__lt=timezone.now())
        return effects_of(
            [
                (_("Assets"), Asset.objects.visible_to(reader), reverse("asset_load")),
                (_("Requests that wait for an answer"), waiting, reverse("bookings")),
                (_("Of these overdue"), overdue, reverse("bookings")),
            ]
        )


@admin.register(Asset)
class AssetAdmin(SharedAdmin):
    list_display = ("name", "kind", "state", "owner_office", "classification")
    list_filter = ("state", "kind", "classification", "owner_office")
    list_select_related = ("kind", "owner_office")
    search_fields = ("name", "reference")
