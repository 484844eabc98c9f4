"""All that the mission sets, on one page: lists, rules, roles, marks, and what is set on the server."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.admin.setting import Drawer, OneRowAdmin, SettingAdmin, setting_admins

_DRAWERS = {
    Drawer.RULES: gettext_lazy("Rules and limits"),
    Drawer.LISTS: gettext_lazy("Lists"),
    Drawer.ROLES: gettext_lazy("Who acts"),
    Drawer.LOOK: gettext_lazy("Look"),
}


@dataclass(frozen=True)
class Setting:
    """One line: what it is called, what it affects, what stands there now, and where it is changed."""

    name: str
    affects: str
    value: str = ""
    url: str = ""


def settings_page(request: HttpRequest) -> HttpResponse:
    known = setting_admins()
    sections = [
        (title, [_line(one) for one in known if one.drawer == drawer] + _more(drawer))
        for drawer, title in _DRAWERS.items()
    ]
    shown = {
        "title": _("Settings of the mission"),
        "sections": sections,
        "server": _on_the_server(),
    }
    return TemplateResponse(request, "admin/settings.html", {**admin.site.each_context(request), **shown})


def _line(one: SettingAdmin) -> Setting:
    name = capfirst(str(one.opts.verbose_name_plural))
    url = reverse(f"admin:{one.opts.app_label}_{one.opts.model_name}_changelist")
    rows = one.model._default_manager
    value = str(rows.first() or one.model()) if isinstance(one, OneRowAdmin) else str(rows.count())
    return Setting(name, str(one.affects), value, url)


def _more(drawer: Drawer) -> list[Setting]:
    """Roles that stand at the posts themselves."""
    if drawer != Drawer.ROLES:
        return []
    return [
        Setting(
            _("Heads, and positions that release"),
            _("Marked at each position: who decides for an office, and who releases its reports."),
            url=reverse("admin:core_position_changelist"),
        )
    ]


def _on_the_server() -> list[Setting]:
    """What whoever runs the server sets; see docs/howto/configure.md."""
    return [
        Setting("MISSION_NAME", _("Stands on every page, paper and mail."), settings.MISSION_NAME),
        Setting("MISSION_TIME_ZONE", _("The clock of every page, beside Z time."), settings.TIME_ZONE),
        Setting(
            "SECOND_FACTOR_ABOVE",
            _("Whoever is cleared for more signs in with a second factor."),
            str(settings.SECOND_FACTOR_ABOVE),
        ),
        Setting(
            "PICTURE_MAX_MB", _("Largest picture of a record."), filesizeformat(settings.PICTURE_MAX_BYTES)
        ),
        Setting(
            "MODULE_PICTURE_MAX_KB",
            _("Largest picture in a learning module."),
            filesizeformat(settings.MODULE_PICTURE_MAX_BYTES),
        ),
        Setting("SCORM_MAX_MB", _("Largest learning package."), filesizeformat(settings.SCORM_MAX_BYTES)),
        Setting(
            "AREA_IMPORT_MAX_MB", _("Largest file of areas."), filesizeformat(settings.AREA_IMPORT_MAX_BYTES)
        ),
        Setting(
            "CONTENT_HOURS",
            _("Hours after which the address of an opened learning package is dead."),
            str(settings.CONTENT_HOURS),
        ),
        Setting("OUTBOX_TRIES", _("Tries before work is given up."), str(settings.OUTBOX_TRIES)),
    ]
