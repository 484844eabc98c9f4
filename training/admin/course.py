"""Courses and rules are managed in the administration; training records are looked at as the rule allows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import PortalAdmin, SharedAdmin
from cimic_portal.core.admin.setting import Drawer, Effect, OneRowAdmin, effects_of
from cimic_portal.core.models import Membership, Person, Position
from training.models import Course, TrainingRecord, TrainingRules
from training.services.induction import ask_induction


@admin.register(Course)
class CourseAdmin(PortalAdmin):
    list_display = ("code", "title", "phase", "office", "validity_months", "is_archived")
    list_filter = ("phase", "is_archived", "office")
    list_select_related = ("office",)
    search_fields = ("code", "title")
    ordering = ("code",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.version += change
        super().save_model(request, obj, form, change)


@admin.register(TrainingRules)
class TrainingRulesAdmin(OneRowAdmin):
    affects = gettext_lazy(
        "The office that keeps the catalogue, plans sessions, and reads the training records of everybody"
        " in its organisation."
    )
    drawer = Drawer.ROLES
    fields = ("centre",)
    autocomplete_fields = ("centre",)

    def effects(self, row: TrainingRules, reader: Person) -> list[Effect]:
        """People whose records the centre reads; the records themselves are not counted for everybody."""
        if row.centre is None:
            return []
        members = Membership.objects.filter(organisation=row.centre.organisation_id)
        served = Person.objects.filter(is_active=True, pk__in=members.values("person"))
        return effects_of(
            [
                (
                    _("Positions of the centre"),
                    Position.objects.filter(office=row.centre, is_archived=False),
                    "",
                ),
                (_("Active people of its organisation"), served, reverse("admin:core_person_changelist")),
            ]
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        asked = ask_induction(obj.centre) if obj.centre is not None else None
        if asked is not None:
            words = _("%(course)s is now asked of everybody within %(days)d days of arrival.")
            self.message_user(request, words % {"course": asked.course, "days": asked.days})


@admin.register(TrainingRecord)
class TrainingRecordAdmin(SharedAdmin):
    list_display = ("person", "owner_office", "classification")
    list_filter = ("owner_office",)
    search_fields = ("person__family_name", "reference")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With its office: `visible_to` takes the person along, and Django then leaves out
        `list_select_related`."""
        return super().get_queryset(request).select_related("owner_office")
