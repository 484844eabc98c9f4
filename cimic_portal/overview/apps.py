from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverviewConfig(AppConfig):
    name = "cimic_portal.overview"
    label = "overview"
    verbose_name = _("Overview")

    def ready(self) -> None:
        from cimic_portal.core.sections import Section, add_section

        add_section(Section(_("Home"), "home", "home", order=10))
