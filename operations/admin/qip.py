"""Quick impact projects in the administration: criteria, rules and the committee's seats."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import SharedAdmin
from cimic_portal.core.admin.setting import Drawer, Effect, OneRowAdmin, SettingAdmin, effects_of
from cimic_portal.core.models import Person
from operations.models import Qip, QipCriterion, QipRules, QipSeat, QipState


@admin.register(QipCriterion)
class QipCriterionAdmin(SettingAdmin):
    affects = gettext_lazy(
        "Every new proposal answers it with evidence; proposals that stand keep their answers."
    )
    list_display = ("name", "help_text", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")


@admin.register(QipRules)
class QipRulesAdmin(OneRowAdmin):
    affects = gettext_lazy(
        "How much a project may cost, how many votes a decision needs, and how far around it others are "
        "looked for."
    )
    fields = ("ceiling", "currency", "quorum", "nearby_km")

    def effects(self, row: QipRules, reader: Person) -> list[Effect]:
        seen, page = Qip.objects.visible_to(reader), reverse("qips")
        undecided = seen.filter(
            state__in=(QipState.DRAFT, QipState.SUBMITTED, QipState.UNDER_REVIEW, QipState.RETURNED)
        )
        return effects_of(
            [
                (_("Proposals that are not decided"), undecided, page),
                (_("Of these above the ceiling"), undecided.filter(budget__gt=row.ceiling), page),
                (_("Seats that vote"), QipSeat.objects.filter(is_archived=False), ""),
            ]
        )


@admin.register(QipSeat)
class QipSeatAdmin(SettingAdmin):
    """A seat that ends is archived; its position can come back into it."""

    affects = gettext_lazy("Whoever holds the position votes on proposals; the chair closes the vote.")
    drawer = Drawer.ROLES
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
