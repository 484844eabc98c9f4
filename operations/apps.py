from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from cimic_portal.core.makers import add_maker
        from cimic_portal.core.notices import add_kind
        from cimic_portal.core.panels import add_panel
        from cimic_portal.core.sections import Section, add_section
        from operations.notices import KINDS
        from operations.notices_qip import QIP_KINDS
        from operations.panels import PANELS
        from operations.reports.schedule_maker import SCHEDULE
        from operations.schedule.conflicts import FINDERS, add_finder

        for kind in (*KINDS, *QIP_KINDS):
            add_kind(kind)
        for panel in PANELS:
            add_panel(panel)
        for finder in FINDERS:
            add_finder(finder)
        add_maker(SCHEDULE)
        add_section(Section(_("Operations"), "operations", "operations", order=20, query={"open": "1"}))
        add_section(Section(_("Projects"), "qips", "qip", order=35))
