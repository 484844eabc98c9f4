"""The verbs of a quick impact project, as pages offer them, and its history in words."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.verbs import ReasonForm, Verb
from operations.forms.qip_steps import ApproveForm, CompletionForm, PaymentForm, VoteForm
from operations.models import QipState as State
from operations.policies import qip as policies
from operations.services import qip as proposals
from operations.services import qip_review as review
from operations.services import qip_work as work

WAITING = (State.SUBMITTED, State.UNDER_REVIEW)
BEFORE_COMPLETION = (State.DRAFT, State.RETURNED, *WAITING, State.APPROVED, State.UNDER_WAY)

HISTORY_WORDS = {
    "qip.propose": _("Written"),
    "qip.edit": _("Edited"),
    "qip.submit": _("Submitted"),
    "qip.take_up": _("Taken up for review"),
    "qip.vote": _("Voted"),
    "qip.return": _("Returned"),
    "qip.approve": _("Approved"),
    "qip.refuse": _("Not approved"),
    "qip.start": _("Started"),
    "qip.milestone": _("Milestone reported done"),
    "qip.pay": _("Payment recorded"),
    "qip.strike_payment": _("Payment struck"),
    "qip.add_photo": _("Photo added"),
    "qip.strike_photo": _("Photo taken away"),
    "qip.complete": _("Reported complete"),
    "qip.reopen": _("More asked for"),
    "qip.close": _("Closed"),
    "qip.cancel": _("Cancelled"),
}

QIP_VERBS = [
    Verb(
        name="submit",
        label=_("Submit to the committee"),
        policy=policies.can_submit,
        run=proposals.submit_qip,
        states=(State.DRAFT, State.RETURNED),
        text=_("The committee's chair is told. From now on the audience reads the proposal."),
        done=_("Proposal submitted."),
        primary=True,
    ),
    Verb(
        name="take-up",
        label=_("Begin the review"),
        policy=policies.can_take_up,
        run=review.take_up_qip,
        states=(State.SUBMITTED,),
        text=_("Every member of the committee is asked to vote."),
        done=_("The members are asked to vote."),
        primary=True,
    ),
    Verb(
        name="vote",
        label=_("Vote"),
        policy=policies.can_vote,
        run=review.cast_vote,
        states=(State.UNDER_REVIEW,),
        text=_("Your vote stands once it is cast. The committee sees it with its reason."),
        done=_("Your vote is cast."),
        form=VoteForm,
        needs_person=True,
        primary=True,
    ),
    Verb(
        name="approve",
        label=_("Approve"),
        policy=policies.can_approve,
        run=review.approve_qip,
        states=(State.UNDER_REVIEW,),
        text=_("You state what the committee decided. The author is told."),
        done=_("Project approved."),
        form=ApproveForm,
        needs_person=True,
        primary=True,
    ),
    Verb(
        name="refuse",
        label=_("Do not approve"),
        policy=policies.can_refuse,
        run=review.refuse_qip,
        states=(State.UNDER_REVIEW,),
        text=_("You state what the committee decided. The author is told, with the reason."),
        done=_("Recorded: not approved."),
        form=ReasonForm,
        danger=True,
    ),
    Verb(
        name="return",
        label=_("Return to author"),
        policy=policies.can_return,
        run=review.return_qip,
        states=WAITING,
        text=_("The author is told, with your reason, and can submit again; the members then vote anew."),
        done=_("Proposal returned."),
        form=ReasonForm,
    ),
    Verb(
        name="start",
        label=_("Start the work"),
        policy=policies.can_start,
        run=work.start_qip,
        states=(State.APPROVED,),
        text=_("From now on milestones and payments are recorded."),
        done=_("Project under way."),
        primary=True,
    ),
    Verb(
        name="pay",
        label=_("Record a payment"),
        policy=policies.can_record_payment,
        run=work.record_payment,
        states=(State.UNDER_WAY, State.COMPLETED),
        text=_("A record of what was paid, from its voucher. The portal moves no money."),
        done=_("Payment recorded."),
        form=PaymentForm,
        needs_person=True,
    ),
    Verb(
        name="complete",
        label=_("Report complete"),
        policy=policies.can_complete,
        run=work.complete_qip,
        states=(State.UNDER_WAY,),
        text=_("The completion report goes to the committee's chair, who closes the project."),
        done=_("Completion reported."),
        form=CompletionForm,
    ),
    Verb(
        name="close",
        label=_("Close the project"),
        policy=policies.can_close,
        run=work.close_qip,
        states=(State.COMPLETED,),
        text=_("You accept the completion report. Nothing more is recorded after that."),
        done=_("Project closed."),
        primary=True,
    ),
    Verb(
        name="reopen",
        label=_("Ask for more"),
        policy=policies.can_close,
        run=work.reopen_qip,
        states=(State.COMPLETED,),
        text=_("The project goes on; whoever reported is told what is missing."),
        done=_("Project under way again."),
        form=ReasonForm,
    ),
    Verb(
        name="cancel",
        label=_("Cancel the project"),
        policy=policies.can_cancel,
        run=proposals.cancel_qip,
        states=BEFORE_COMPLETION,
        text=_(
            "The author and the committee's chair are told, with your reason. It cannot be taken up again."
        ),
        done=_("Project cancelled."),
        form=ReasonForm,
        danger=True,
    ),
]
