"""Organisations and their offices, areas and places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.base import PortalAdmin, PortalInline
from cimic_portal.core.forms.office import OfficeForm
from cimic_portal.core.forms.position import PositionField
from cimic_portal.core.forms.staff import PositionForm
from cimic_portal.core.models import Area, Office, Organisation, Place, Position


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin):
    list_display = ("name", "short_name", "kind", "component", "is_mission", "is_archived")
    list_filter = ("kind", "component", "is_archived")
    search_fields = ("name", "short_name")
    fields = (
        "name",
        "short_name",
        "kind",
        "component",
        "is_mission",
        "phone",
        "email",
        "website",
        "is_archived",
    )


class PositionInline(PortalInline):
    model = Position
    form = PositionForm
    fields = ("title", "is_head", "is_releasing", "is_archived")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A position that stands is changed on its own page."""
        return False


@admin.register(Office)
class OfficeAdmin(PortalAdmin):
    form = OfficeForm
    list_display = ("name", "short_name", "organisation", "parent", "component", "closed_on")
    list_filter = ("component", ("organisation", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organisation", "parent")
    search_fields = ("name", "short_name", "organisation__name")
    autocomplete_fields = ("organisation", "parent", "area", "successor")
    inlines = (PositionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> tuple[str, ...]:
        return () if obj is None else ("organisation",)


@admin.register(Area)
class AreaAdmin(PortalAdmin):
    """Boundaries come from published files (`import_areas`); names are corrected here."""

    list_display = ("pcode", "name", "level", "parent", "country", "source")
    list_filter = ("level", "country")
    list_select_related = ("parent",)
    search_fields = ("pcode", "name")
    ordering = ("pcode",)
    fields = ("pcode", "name", "level", "parent", "country", "valid_from", "source")
    autocomplete_fields = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Area | None = None) -> tuple[str, ...]:
        return () if obj is None else ("pcode", "level", "parent", "country")


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place, with its position as MGRS, degrees or a map link; its area is found from it."""

    position = PositionField(
        label=gettext_lazy("Position"),
        help_text=gettext_lazy("MGRS such as 34N BR 12345 67890, degrees, or a link from a map."),
    )

    class Meta:
        model = Place
        fields = ("name", "kind", "pcode", "source", "is_archived")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["position"] = self.instance.position

    def _post_clean(self) -> None:
        found = self.cleaned_data.get("position")
        if found is not None:
            self.instance.latitude, self.instance.longitude = found.lat, found.lon
        super()._post_clean()  # type: ignore[misc]


@admin.register(Place)
class PlaceAdmin(PortalAdmin):
    form = PlaceForm
    list_display = ("name", "kind", "area", "grid", "pcode", "is_archived")
    list_filter = ("kind", "is_archived")
    list_select_related = ("area",)
    search_fields = ("name", "pcode")
    fields = ("name", "kind", "position", "area", "pcode", "source", "is_archived")
    readonly_fields = ("area",)

    @admin.display(description=gettext_lazy("Grid"))
    def grid(self, place: Place) -> str:
        return place.position.mgrs
