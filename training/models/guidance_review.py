"""The review of a version of guidance: who is asked, and what is commented."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from training.models.guidance import Guidance
from training.models.guidance_version import GuidanceVersion
from training.querysets.guidance import GuidanceCommentQuerySet, GuidanceReviewerQuerySet


class ReviewAnswer(models.TextChoices):
    """Silence is never consent: what is pending stays pending."""

    PENDING = "pending", _("Not answered")
    AGREES = "agrees", _("Agrees")
    COMMENTS = "comments", _("Agrees if comments are met")
    OBJECTS = "objects", _("Does not agree")


_ANSWER_TONES = {"agrees": "done", "comments": "running", "objects": "refused"}


@touches("training_guidance", "guidance_id", fixed=("guidance", "version", "position"))
@pghistory.track()
class GuidanceReviewer(Part):
    """A position that is asked to comment on one version, by a day. It reads the document before publication.

    Told to those only who read the version while it is written. `escalated_at`: when the head of its office
    was told that it is overdue. Personal data: who answered. Retention: with the version.
    """

    part_of = "guidance"

    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="reviewers")
    version = models.ForeignKey(GuidanceVersion, on_delete=models.CASCADE, related_name="reviewers")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    due_on = models.DateField(_("by when"))
    answer = models.CharField(_("answer"), max_length=8, choices=ReviewAnswer, default=ReviewAnswer.PENDING)
    reason = models.TextField(_("in a word"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)

    objects = GuidanceReviewerQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("reviewer of guidance")
        verbose_name_plural = _("reviewers of guidance")
        indexes = [
            # What a position is asked, and the sweep for what is overdue.
            models.Index(
                fields=["position", "due_on"], name="guidancereviewer_pending", condition=Q(answer="pending")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="guidancereviewer_once"),
            models.CheckConstraint(
                condition=Q(answer="pending", answered_at__isnull=True)
                | (~Q(answer="pending") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="guidancereviewer_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(answer="objects") | ~Q(reason=""), name="guidancereviewer_objects_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.position)

    @property
    def is_overdue(self) -> bool:
        return self.answer == ReviewAnswer.PENDING and self.due_on < timezone.localdate()

    @property
    def answer_tone(self) -> str:
        return "refused" if self.is_overdue else _ANSWER_TONES.get(self.answer, "waiting")


class CommentState(models.TextChoices):
    OPEN = "open", _("Open")
    TAKEN_UP = "taken_up", _("Taken up")
    NOT_TAKEN_UP = "not_taken_up", _("Not taken up")


# How a comment stands: its state, or that the decision on its version came before an answer. Never stored.
STANDINGS = [*CommentState.choices, ("closed", _("Closed"))]


@pghistory.track()
class GuidanceComment(Part):
    """A comment on a version in review, and what became of it.

    `place`: the heading, or how the paragraph begins that it is about; empty for the whole. Read by those
    only who read the version while it is written. Personal data: who wrote and who answered. Retention:
    with the version.
    """

    part_of = "version"

    version = models.ForeignKey(GuidanceVersion, on_delete=models.CASCADE, related_name="comments")
    place = models.CharField(_("about"), max_length=200, blank=True)
    text = models.TextField(_("comment"), max_length=4000)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=12, choices=CommentState, default=CommentState.OPEN)
    answer = models.TextField(_("answer"), blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = GuidanceCommentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["version", "pk"]
        verbose_name = _("comment on guidance")
        verbose_name_plural = _("comments on guidance")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="not_taken_up") | ~Q(answer=""), name="guidancecomment_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="guidancecomment_answered_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def closed_at(self) -> datetime | None:
        """When the version was decided on, where nobody had answered the comment by then."""
        return self.version.decided_at if self.state == CommentState.OPEN else None

    @property
    def standing(self) -> str:
        """One of `STANDINGS`."""
        return "closed" if self.closed_at else self.state

    # Django leaves one that is there in its place.
    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(dict(STANDINGS)[self.standing])

    @property
    def state_tone(self) -> str:
        return {"open": "waiting", "taken_up": "done"}.get(self.standing, "draft")
