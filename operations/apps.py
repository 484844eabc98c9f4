from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "operations"
    label = "operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from cimic_portal.core.notices import add_kind
        from cimic_portal.core.sections import Section, add_section
        from operations.notices_qip import QIP_KINDS

        for kind in QIP_KINDS:
            add_kind(kind)
        add_section(Section(_("Quick impact projects"), "qips", "qip", order=24))
