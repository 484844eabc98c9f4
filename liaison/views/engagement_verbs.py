"""The verbs of an engagement, as pages offer them."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.sharing import who_reads
from cimic_portal.core.views.verbs import ReasonForm, Verb
from liaison import policies
from liaison.models import EngagementState as State
from liaison.services import engagement as services

ENGAGEMENT_VERBS = [
    Verb(
        name="release",
        label=_("Release report"),
        policy=policies.can_release,
        run=services.release_engagement,
        states=(State.SUBMITTED,),
        text=_(
            "From now on the audience and the participants read this report. It cannot be changed after that."
        ),
        done=_("Report released."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="return",
        label=_("Return to author"),
        policy=policies.can_release,
        run=services.return_engagement,
        states=(State.SUBMITTED,),
        text=_("The author is told, with your reason, and can submit again."),
        done=_("Report returned."),
        form=ReasonForm,
    ),
    Verb(
        name="submit",
        label=_("Submit for release"),
        policy=policies.can_submit,
        run=services.submit_engagement,
        states=(State.DRAFT, State.RETURNED),
        text=_("The office's releasing position is told and decides."),
        done=_("Report submitted."),
        primary=True,
        context=who_reads,
    ),
    Verb(
        name="held",
        label=_("It took place"),
        policy=policies.can_record_held,
        run=services.record_held,
        states=(State.PLANNED,),
        text=_("The planned meeting becomes a draft report that you complete and submit."),
        done=_("Recorded. Complete the report and submit it."),
        primary=True,
    ),
    Verb(
        name="not-held",
        label=_("It did not take place"),
        policy=policies.can_hold,
        run=services.record_not_held,
        states=(State.PLANNED,),
        done=_("Recorded."),
        form=ReasonForm,
    ),
]
