"""The verbs of a lesson, as pages offer them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.sharing import who_reads
from cimic_portal.core.views.verbs import ReasonForm, Verb
from training.forms.lesson import ActionForm, ChangeForm
from training.models import LessonState as State
from training.policies import lesson as policies
from training.querysets.lesson import OPEN
from training.services import lesson as services

LESSON_VERBS = [
    Verb(
        name="submit",
        label=_("Submit"),
        policy=policies.can_submit,
        run=services.submit_lesson,
        states=(State.OBSERVED,),
        text=_("The releasing position reads it and releases it as a lesson identified."),
        done=_("Lesson submitted."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="identify",
        label=_("Release as lesson identified"),
        policy=policies.can_identify,
        run=services.identify_lesson,
        states=(State.SUBMITTED,),
        text=_("From now on its audience reads it, and planners of something alike are shown it."),
        done=_("Lesson identified."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="return",
        label=_("Return to author"),
        policy=policies.can_identify,
        run=services.return_lesson,
        states=(State.SUBMITTED,),
        done=_("Lesson returned."),
        form=ReasonForm,
    ),
    Verb(
        name="plan-action",
        label=_("Plan the action"),
        policy=policies.can_plan_action,
        run=services.plan_action,
        states=(State.IDENTIFIED, State.ACTION),
        text=_("What is done so that it goes otherwise next time, by whom, by when."),
        done=_("Action planned."),
        form=ActionForm,
        needs_person=True,
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="report-change",
        label=_("Report the change"),
        policy=policies.can_report_change,
        run=services.report_change,
        states=(State.ACTION,),
        text=_("Somebody else looks at it; then it is a lesson learned."),
        done=_("Change reported."),
        form=ChangeForm,
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="validate",
        label=_("Validate as lesson learned"),
        policy=policies.can_validate,
        run=services.validate_lesson,
        states=(State.CHANGED,),
        text=_("The change was made and helps."),
        done=_("Lesson learned."),
        primary=True,
    ),
    Verb(
        name="reopen",
        label=_("Send back into action"),
        policy=policies.can_validate,
        run=services.reopen_lesson,
        states=(State.CHANGED,),
        done=_("Sent back into action."),
        form=ReasonForm,
    ),
    Verb(
        name="drop",
        label=_("Drop"),
        policy=policies.can_drop,
        run=services.drop_lesson,
        states=OPEN,
        text=_("It stays readable, with your reason, and is not offered to planners any more."),
        done=_("Lesson dropped."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]
