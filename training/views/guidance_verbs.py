"""The verbs on guidance as its pages show them, and the words of its history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.views.verbs import ReasonForm, Verb
from training.forms.guidance import AcknowledgeForm, ConfirmForm, WithdrawForm
from training.forms.guidance_version import ApproveForm, ReviewAnswerForm
from training.models import GuidanceComment, GuidanceReviewer, VersionState
from training.models import GuidanceState as State
from training.policies import guidance as policies
from training.services import guidance as services
from training.services import guidance_force as force
from training.services import guidance_review as review

GUIDANCE_VERBS = [
    Verb(
        name="acknowledge",
        label=_("Acknowledge"),
        policy=policies.can_acknowledge,
        run=force.acknowledge_guidance,
        states=(State.IN_FORCE,),
        text=_(
            "Your name and the time are kept with these words, for who keeps the document and who leads you."
        ),
        done=_("Acknowledged."),
        form=AcknowledgeForm,
        needs_person=True,
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="begin-version",
        label=_("Write a new version"),
        policy=policies.can_begin_version,
        run=services.begin_version,
        states=(State.IN_FORCE,),
        text=_(
            "It begins with the text in force. Readers go on with that one until the new one is in force."
        ),
        done=_("A new version was begun."),
        if_allowed=True,
    ),
    Verb(
        name="confirm",
        label=_("Reviewed, still right"),
        policy=policies.can_confirm,
        run=services.confirm_guidance,
        states=(State.IN_FORCE,),
        text=_(
            "The next review is due a whole cycle from today. Where something is wrong, write a new version."
        ),
        done=_("The review is recorded."),
        form=ConfirmForm,
        if_allowed=True,
    ),
    Verb(
        name="withdraw",
        label=_("Withdraw"),
        policy=policies.can_withdraw,
        run=services.withdraw_guidance,
        states=(State.DRAFT, State.REVIEW, State.IN_FORCE),
        text=_("It stays readable, with your reason, and does not count any more."),
        done=_("Withdrawn."),
        form=WithdrawForm,
        needs_person=True,
        danger=True,
        if_allowed=True,
    ),
]


def in_view(person: Any, version: Any) -> dict[str, Any]:
    """What whoever decides has before them: open comments, and what each reviewer answered."""
    comments = GuidanceComment.objects.visible_to(person).filter(version=version).open()
    reviewers = GuidanceReviewer.objects.visible_to(person).filter(version=version)
    return {
        "open_comments": list(comments.select_related("author")),
        "reviewers": list(reviewers.select_related("position__office", "answered_by")),
    }


VERSION_VERBS = [
    Verb(
        name="approve",
        label=_("Bring into force"),
        policy=policies.can_decide,
        run=review.approve_version,
        states=(VersionState.REVIEW,),
        text=_("From that day on it counts, and whom it concerns is asked to acknowledge it."),
        done=_("Decided: it is in force from the day you chose, and whom it concerns is told then."),
        form=ApproveForm,
        needs_person=True,
        primary=True,
        template="training/guidance/decide.html",
        context=in_view,
    ),
    Verb(
        name="return",
        label=_("Return to be worked on"),
        policy=policies.can_decide,
        run=review.return_version,
        states=(VersionState.REVIEW,),
        done=_("Returned."),
        form=ReasonForm,
        if_allowed=True,
    ),
    Verb(
        name="answer-review",
        label=_("Answer as reviewer"),
        policy=policies.can_answer_review,
        run=review.answer_review,
        states=(VersionState.REVIEW,),
        text=_("You can change it until it is decided. What is to change in the text is said in comments."),
        done=_("Your answer is kept."),
        form=ReviewAnswerForm,
        primary=True,
        if_allowed=True,
    ),
    Verb(
        name="take-back",
        label=_("Take back"),
        policy=policies.can_take_back,
        run=review.take_back,
        states=(VersionState.REVIEW, VersionState.APPROVED),
        text=_("It is a draft again. Comments stay; reviewers are asked anew when it is sent again."),
        done=_("Taken back."),
        form=ReasonForm,
        if_allowed=True,
    ),
    Verb(
        name="drop",
        label=_("Give this version up"),
        policy=policies.can_drop,
        run=review.drop_version,
        states=(VersionState.DRAFT, VersionState.REVIEW, VersionState.RETURNED, VersionState.APPROVED),
        text=_("The version in force stays as it is."),
        done=_("Given up."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]

WORDS = {
    "insert": _("Written"),
    "update": _("Changed"),
    "guidance.write": _("Written"),
    "guidance.edit": _("Facts changed"),
    "guidance.submit": _("Sent into review"),
    "guidance.take_back": _("Taken back from review"),
    "guidance.return": _("Returned to be worked on"),
    "guidance.approve": _("Brought into force"),
    "guidance.take_effect": _("Came into force on its day"),
    "guidance.confirm": _("Reviewed, still right"),
    "guidance.withdraw": _("Withdrawn"),
}
