from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    label = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        import training.receivers  # noqa: F401 - connects them
        from cimic_portal.core.makers import add_maker
        from cimic_portal.core.notices import add_kind
        from cimic_portal.core.panels import add_panel
        from cimic_portal.core.personal import add_personal
        from cimic_portal.core.retention import also_held
        from cimic_portal.core.sections import Section, add_section
        from training.notices import KINDS
        from training.panels import PANELS
        from training.personal import training_of
        from training.reports.exercise_aar import EXERCISE_AAR
        from training.reports.guidance_maker import GUIDANCE_PAPER
        from training.reports.readiness_maker import READINESS
        from training.services.retention import TRAINING_OF_PEOPLE

        add_personal("training", training_of)
        also_held("person", *TRAINING_OF_PEOPLE)
        for kind in KINDS:
            add_kind(kind)
        for panel in PANELS:
            add_panel(panel)
        for maker in (EXERCISE_AAR, GUIDANCE_PAPER, READINESS):
            add_maker(maker)
        in_force = {"state": "in_force"}
        add_section(Section(_("Training"), "training_home", "training", order=38))
        add_section(Section(_("Readiness"), "readiness", "check", order=39, also=("requirements", "figures")))
        add_section(Section(_("Exercises"), "exercises", "exercise", order=40))
        add_section(Section(_("Lessons"), "lessons", "lesson", order=41, also=("cases",)))
        add_section(Section(_("Guidance"), "guidance_register", "guidance", order=42, query=in_force))
