"""Comments on a version of guidance in review, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import verb
from training.models import CommentState, GuidanceComment, GuidanceVersion
from training.policies import guidance as policies

if TYPE_CHECKING:
    from cimic_portal.core.models import Person


def add_comment(
    version_row: GuidanceVersion, *, actor: Person, text: str, place: str = ""
) -> GuidanceComment:
    """Comment on a version in review. Comments do not get into each other's way. Raises RefusedError."""
    if not text.strip():
        raise InvalidError({"text": [_("Write your comment.")]})
    with verb("guidance.comment", actor=actor):
        current = GuidanceVersion.objects.visible_to(actor).get(pk=version_row.pk)
        require(policies.can_comment(actor, current))
        comment = GuidanceComment.objects.create(
            version=current, author=actor, text=text.strip(), place=place[:200]
        )
        owners = [current.guidance.owner]
        notify(current.guidance, "guidance.commented", people=[current.author], positions=owners, actor=actor)
        return comment


def answer_comment(
    comment: GuidanceComment, *, actor: Person, taken_up: bool, answer: str = ""
) -> GuidanceComment:
    """Say whether a comment is taken up; where it is not, why. Raises RefusedError, InvalidError."""
    if not taken_up and not answer.strip():
        raise InvalidError({"answer": [_("Say why it is not taken up.")]})
    with verb("guidance.answer_comment", actor=actor, reason=answer):
        rows = GuidanceComment.objects.visible_to(actor).select_for_update(of=("self",))
        current = rows.get(pk=comment.pk)
        require(policies.can_answer_comment(actor, current))
        current.state = CommentState.TAKEN_UP if taken_up else CommentState.NOT_TAKEN_UP
        current.answer, current.answered_by = answer.strip(), actor
        current.answered_at = timezone.now()
        current.save()
        guidance = current.version.guidance
        notify(guidance, "guidance.comment_answered", people=[current.author], actor=actor)
        return current
