"""Settings of the mission: each says what it affects, and how much that is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst

from cimic_portal.core.admin.base import PortalAdmin
from cimic_portal.core.counting import COUNT_CAP, capped_counts
from cimic_portal.core.models import Person
from cimic_portal.core.sharing.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What records are made of; a trail or a grant that points here is no use of a setting.
_COUNTED = {"shared", "part", "reference"}


class Drawer(StrEnum):
    """Where a setting stands on the page of all of them."""

    LISTS = "lists"
    RULES = "rules"
    ROLES = "roles"
    LOOK = "look"


@dataclass(frozen=True)
class Effect:
    """Something that a setting affects now: how many, of what, and where they are found."""

    count: str
    what: str
    url: str = ""


class SettingAdmin(PortalAdmin):
    """One value of a list, or one row of rules, that the mission edits.

    affects: what a change does, in one sentence. drawer: where it stands among the settings.
    """

    affects: ClassVar[StrOrPromise]
    drawer: ClassVar[Drawer] = Drawer.LISTS
    change_form_template = "admin/setting.html"
    change_list_template = "admin/settings_list.html"

    def effects(self, row: Any, reader: Person) -> list[Effect]:
        """What is affected now, of what the reader may see: by default all that points at the row."""
        return effects_of((what, rows, "") for what, rows in uses(row, reader))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        response: Any = super().changeform_view(request, object_id, form_url, extra_context)
        shown = getattr(response, "context_data", None)
        if shown is not None:
            row = shown.get("original")
            shown["affects"] = self.affects
            shown["effects"] = self.effects(row, request.user) if row is not None else []  # type: ignore[arg-type]
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "affects": self.affects})


class OneRowAdmin(SettingAdmin):
    """Rules that stand once: their list leads to the row, which is there from the beginning."""

    drawer = Drawer.RULES

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.GET:  # There is nothing to filter.
            raise BadRequest
        row, _made = self.model._default_manager.get_or_create(pk=1)
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(page, args=[row.pk]))


def uses(row: models.Model, reader: Person) -> Iterable[tuple[str, models.QuerySet[Any]]]:
    """All that points at the row and that the reader may see, by what it is called."""
    for link in row._meta.get_fields(include_hidden=True):
        if not isinstance(link, models.ForeignObjectRel):
            continue
        user = link.related_model
        if isinstance(user, str) or getattr(user, "sharing", "") not in _COUNTED:
            continue
        rows: Any = user._default_manager.all()
        seen = rows.visible_to(reader) if isinstance(rows, ScopedQuerySet) else rows
        yield capfirst(str(user._meta.verbose_name_plural)), seen.filter(**{link.field.name: row})


def effects_of(found: Iterable[tuple[str, models.QuerySet[Any], str]]) -> list[Effect]:
    """Counts of what was found, in one statement; what is nought is left out."""
    found = list(found)
    counts = capped_counts([(rows, COUNT_CAP) for _what, rows, _url in found])
    pairs = zip(counts, found, strict=True)
    return [Effect(str(count), what, url) for count, (what, _rows, url) in pairs if count.number]


def setting_admins() -> list[SettingAdmin]:
    """Every setting that an app registered, by name."""
    known = [one for one in admin.site._registry.values() if isinstance(one, SettingAdmin)]
    return sorted(known, key=lambda one: str(one.opts.verbose_name_plural).casefold())
