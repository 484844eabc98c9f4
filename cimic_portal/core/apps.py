import gc

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    default = True
    name = "cimic_portal.core"
    label = "core"
    verbose_name = _("Mission")

    def ready(self) -> None:
        from cimic_portal.core import receivers  # noqa: F401
        from cimic_portal.core.audit.install import install_rights
        from cimic_portal.core.converters import ReferenceConverter
        from cimic_portal.core.notices import CORE_KINDS, add_kind
        from cimic_portal.core.retained import PEOPLE
        from cimic_portal.core.retention import add_retention
        from cimic_portal.core.sections import Section, add_section
        from cimic_portal.core.services.glass import GLASS_BROKEN
        from cimic_portal.core.sharing.links import guard_links
        from cimic_portal.core.wording import speak_plainly

        # Pages and files make thousands of rows, which leave no cycles: looking for some after each 700
        # took a third of a long file.
        gc.set_threshold(100_000, 20, 20)
        speak_plainly()
        guard_links()
        register_converter(ReferenceConverter, "reference")
        add_section(Section(_("Organisations"), "organisations", "organisations", order=8, group=2))
        add_section(Section(_("Areas"), "areas", "areas", order=10, group=2))
        add_section(Section(_("Places"), "places", "places", order=12, group=2))
        # Once for each migrate: by then the tables of all apps stand.
        post_migrate.connect(install_rights, sender=self, dispatch_uid="core.install_rights")
        add_section(Section(_("Who is who"), "positions", "person", order=16, group=2))
        add_section(Section(_("Reports"), "documents", "reports", order=90))
        if settings.DEMO:
            add_section(Section(_("Demo mail"), "demo_mail", "mail", order=95, group=3))
        add_retention(PEOPLE)
        for kind in CORE_KINDS:
            add_kind(kind)
        add_kind(GLASS_BROKEN)


class PortalAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "cimic_portal.core.adminsite.PortalAdminSite"
