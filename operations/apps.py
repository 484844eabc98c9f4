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
        from operations.notices_assets import ASSET_KINDS
        from operations.notices_journal import JOURNAL_KINDS
        from operations.notices_qip import QIP_KINDS
        from operations.panels import PANELS
        from operations.reports.operation_sitrep import OPERATION_SITREP
        from operations.reports.order_annexes import add_annex
        from operations.reports.order_assets import ASSETS
        from operations.reports.order_lists import CONTACTS, TASKS
        from operations.reports.order_maker import FRAGO_PAPER, ORDER_PAPER
        from operations.reports.order_map import MAP
        from operations.reports.order_matrix import MATRIX
        from operations.reports.schedule_maker import SCHEDULE
        from operations.schedule.asset_conflicts import asset_conflicts
        from operations.schedule.conflicts import FINDERS, add_finder

        for kind in (*KINDS, *QIP_KINDS, *JOURNAL_KINDS, *ASSET_KINDS):
            add_kind(kind)
        for panel in PANELS:
            add_panel(panel)
        for finder in (*FINDERS, asset_conflicts):
            add_finder(finder)
        for maker in (SCHEDULE, ORDER_PAPER, FRAGO_PAPER, OPERATION_SITREP):
            add_maker(maker)
        for annex in (TASKS, MATRIX, ASSETS, CONTACTS, MAP):
            add_annex(annex)
        add_section(Section(_("Operations"), "operations", "operations", order=20, query={"open": "1"}))
        add_section(Section(_("Projects"), "qips", "qip", order=35))
