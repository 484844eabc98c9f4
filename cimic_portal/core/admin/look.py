"""Settings of core: forms of address, the components' marks, and retention."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.setting import Drawer, Effect, OneRowAdmin, SettingAdmin, effects_of
from cimic_portal.core.marks import look_again
from cimic_portal.core.models import ComponentMark, FormOfAddress, Office, Person, RetentionRules
from cimic_portal.core.retention import retentions
from cimic_portal.core.services.forgetting import due_rows
from cimic_portal.core.templatetags.marks import component_mark


@admin.register(FormOfAddress)
class FormOfAddressAdmin(SettingAdmin):
    affects = gettext_lazy(
        "Offered where somebody is entered; another can still be typed. Names that stand already keep theirs."
    )
    list_display = ("name", "order", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("order", "name")

    def effects(self, row: FormOfAddress, reader: Person) -> list[Effect]:
        carried = Person.objects.filter(form_of_address=row.name)
        return effects_of([(_("People"), carried, reverse("admin:core_person_changelist"))])


@admin.register(ComponentMark)
class ComponentMarkAdmin(SettingAdmin):
    affects = gettext_lazy(
        "How a component is drawn on every page, within a minute. No two share a letter, a shape or a tint."
    )
    drawer = Drawer.LOOK
    list_display = ("component", "drawn", "letter", "shape", "tint")
    fields = ("letter", "shape", "tint")
    ordering = ("component",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("Drawn now"))
    def drawn(self, row: ComponentMark) -> SafeString:
        return component_mark(row.component, "large")

    def effects(self, row: ComponentMark, reader: Person) -> list[Effect]:
        people = reverse("admin:core_person_changelist") + f"?component__exact={row.component}"
        offices = Office.objects.filter(component=row.component, closed_on__isnull=True)
        return effects_of(
            [
                (_("Active people"), Person.objects.filter(component=row.component, is_active=True), people),
                (_("Offices"), offices, reverse("admin:core_office_changelist")),
            ]
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        look_again()


@admin.register(RetentionRules)
class RetentionRulesAdmin(OneRowAdmin):
    affects = gettext_lazy(
        "When data of contacts and of people who left falls due, is looked at, and is anonymised for "
        "good, in the audit trail too. A shorter time counts at once."
    )
    fields = ("months", "is_reviewed")

    def effects(self, row: RetentionRules, reader: Person) -> list[Effect]:
        """Numbers alone, as on the page of what is due."""
        page = reverse("retention")
        return effects_of((_("%s, due now") % one.label, due_rows(one), page) for one in retentions())
