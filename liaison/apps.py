from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    name = "liaison"
    label = "liaison"
    verbose_name = _("Liaison")

    def ready(self) -> None:
        from cimic_portal.core.makers import add_maker
        from cimic_portal.core.notices import add_kind
        from cimic_portal.core.panels import add_panel
        from cimic_portal.core.retention import add_retention
        from cimic_portal.core.sections import QuickEntry, Section, add_quick_entry, add_section
        from liaison.notices import KINDS
        from liaison.panels import PANELS
        from liaison.policies import can_log
        from liaison.reports.sitrep_maker import SITREP
        from liaison.services.retention import CONTACTS

        for kind in KINDS:
            add_kind(kind)
        add_maker(SITREP)
        add_retention(CONTACTS)
        for panel in PANELS:
            add_panel(panel)
        add_section(Section(_("Engagements"), "engagements", "liaison", order=30))
        # What is open, the most urgent first: the lists begin with the newest and hold what is closed too.
        due = {"open": "1", "sort": "due"}
        add_section(Section(_("Taskings"), "taskings", "tasks", order=32, query=due))
        promised = {"state": "open", "sort": "due"}
        add_section(Section(_("Promises"), "commitments", "promise", order=33, query=promised))
        add_section(Section(_("Contacts"), "contacts", "people", order=34))
        add_quick_entry(QuickEntry(_("Log contact"), "log_contact", lambda person: bool(can_log(person))))
