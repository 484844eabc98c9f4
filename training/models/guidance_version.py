"""Versions of guidance, their review, and who has acknowledged them."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from training.models.guidance import Guidance
from training.querysets.guidance import (
    OPEN_VERSIONS,
    GuidanceAcknowledgementQuerySet,
    GuidanceCommentQuerySet,
    GuidanceReviewerQuerySet,
    GuidanceVersionQuerySet,
)


class VersionState(models.TextChoices):
    """Fixed: draft → in review ↔ returned → approved → in force → superseded / withdrawn; dropped while open."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved, not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DROPPED = "dropped", _("Dropped")


_TONES = {
    VersionState.REVIEW: "waiting",
    VersionState.RETURNED: "refused",
    VersionState.APPROVED: "running",
    VersionState.IN_FORCE: "done",
    VersionState.WITHDRAWN: "refused",
}


@pghistory.track()
class GuidanceVersion(Part):
    """One version of the text, in simple Markdown.

    `published_at`: when it came into force; from then on the readers of the document read it, and go on
    doing so when it is superseded. Before it the owner office, its author, the reviewers who were asked and
    the approving position do. `writers`: ids of everybody who wrote in it, none of whom decides on it.
    `effective_on`, `ended_on`: days of the mission's calendar. `version` counts the verbs done to the row.
    Personal data: who wrote and decided. Retention: with the document.
    """

    part_of = "guidance"

    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), blank=True, max_length=60_000)
    changes = models.TextField(_("what changed"), blank=True, max_length=2000)
    is_correction = models.BooleanField(_("small correction"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by"))
    writers = ArrayField(models.IntegerField(), default=list, blank=True, verbose_name=_("written by"))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("sent into review"), null=True, blank=True)
    returned_reason = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brought into force by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = GuidanceVersionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["guidance", "-number"]
        verbose_name = _("version of guidance")
        verbose_name_plural = _("versions of guidance")
        indexes = [
            # What comes into force today.
            models.Index(
                fields=["effective_on"], name="guidanceversion_coming", condition=Q(state="approved")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["guidance", "number"], name="guidanceversion_number_once"),
            models.UniqueConstraint(
                fields=["guidance"],
                condition=Q(state__in=["draft", "review", "returned", "approved"]),
                name="guidanceversion_one_open",
            ),
            models.UniqueConstraint(
                fields=["guidance"], condition=Q(state="in_force"), name="guidanceversion_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_force", "superseded"])
                | Q(decided_by__isnull=False, effective_on__isnull=False),
                name="guidanceversion_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "superseded", "withdrawn"])
                | Q(published_at__isnull=False),
                name="guidanceversion_published_in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %d")) % self.number

    def get_absolute_url(self) -> str:
        return reverse("guidance_version", args=[self.guidance.reference, self.number])

    @property
    def classification(self) -> int:
        """That of its document."""
        return self.guidance.classification

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_VERSIONS

    @property
    def is_writable(self) -> bool:
        return self.state in (VersionState.DRAFT, VersionState.RETURNED)

    @property
    def state_tone(self) -> str:
        return _TONES.get(VersionState(self.state), "draft")

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """As `GuidanceVersionQuerySet.visible_to`, on the day of the event."""
        return bool(
            event.published_at is not None
            or record_event.published_at is None
            or record_event.owner_office_id in person.access.owned
            or event.author_id == person.pk
            or {record_event.owner_id, record_event.approver_id} & person.access.positions
            or early_keys & person.access.keys
        )


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


@pghistory.track()
class GuidanceComment(Part):
    """A comment on a version in review, and what became of it.

    `place`: the heading it is about; empty for the whole. Read by those only who read the version while it
    is written. Personal data: who wrote and who answered. Retention: with the version.
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
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
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
    def state_tone(self) -> str:
        return {"open": "waiting", "taken_up": "done"}.get(self.state, "draft")


@pghistory.track()
class GuidanceAcknowledgement(Part):
    """One person who is asked to acknowledge a version, and their word when it is given.

    Made when the version comes into force, and for those who come later; taken away where it is pending and
    concerns them no more. `office`, `position`: the post for which the person was asked. `words`: what was
    signed. Read by the person, the owner office and the heads of the office. Personal data: who has read
    what, when. Retention: with the version; it proves that people knew the rule.
    """

    part_of = "version"

    version = models.ForeignKey(GuidanceVersion, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    due_on = models.DateField(_("by when"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    words = models.TextField(_("signed words"), blank=True, max_length=500)

    objects = GuidanceAcknowledgementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("acknowledgement of guidance")
        verbose_name_plural = _("acknowledgements of guidance")
        indexes = [
            # What a person has still to acknowledge; the reminders.
            models.Index(
                fields=["person", "due_on"],
                name="guidanceack_pending",
                condition=Q(acknowledged_at__isnull=True),
            ),
            # The register, by day.
            models.Index(fields=["due_on", "id"], name="guidanceack_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="guidanceack_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, words="")
                | (Q(acknowledged_at__isnull=False) & ~Q(words="")),
                name="guidanceack_signed",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("asked_at")),
                name="guidanceack_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("guidance", args=[self.version.guidance.reference])

    @property
    def is_overdue(self) -> bool:
        return self.acknowledged_at is None and self.due_on < timezone.localdate()

    @property
    def state(self) -> str:
        return "pending" if self.acknowledged_at is None else "done"

    @property
    def state_tone(self) -> str:
        if self.is_overdue:
            return "refused"
        return "waiting" if self.acknowledged_at is None else "done"

    def get_state_display(self) -> str:
        return str(_("To acknowledge") if self.acknowledged_at is None else _("Acknowledged"))
