"""What participants answer in staffing, and the due diligence assessment."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation, Person, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.models.revision import PlanRevision
from operations.querysets.operation import ConcurrenceQuerySet


class Answer(models.TextChoices):
    """Silence is never consent: what is pending stays pending."""

    PENDING = "pending", _("Not answered")
    CONCURS = "concurs", _("Concurs")
    COMMENT = "comment", _("Concurs with comment")
    OBJECTS = "objects", _("Objects")


ANSWERED = (Answer.CONCURS, Answer.COMMENT, Answer.OBJECTS)


@pghistory.track()
class Concurrence(Part):
    """One participant's answer in one round of staffing, given through its position.

    `revision`: the FRAGO by which it would join, where that is what it was asked; told to whoever
    reads that. `recorded_how`: where the answer came by another way (a letter, a call) and the lead
    recorded it.
    `escalated_at`: when the head above was told that it is overdue.
    Personal data: who answered. Retention: with the operation.
    """

    part_of = "operation"
    also_of = ("revision",)

    objects = ConcurrenceQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="concurrences")
    revision = models.ForeignKey(
        PlanRevision, on_delete=models.CASCADE, null=True, blank=True, related_name="concurrences"
    )
    round = models.PositiveSmallIntegerField(_("round of staffing"))
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    component = models.PositiveSmallIntegerField(_("component"), choices=Component, null=True, blank=True)
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answers through"),
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer, default=Answer.PENDING)
    reason = models.TextField(_("comment or reason"), blank=True, max_length=4000)
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    recorded_how = models.CharField(_("how the answer came"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"))
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)

    class Meta:
        ordering = ["round", "pk"]
        verbose_name = _("answer in staffing")
        verbose_name_plural = _("answers in staffing")
        indexes = [
            # What a position is asked, and the sweep for what is overdue.
            models.Index(
                fields=["position", "due_at"], name="concurrence_pending", condition=Q(answer="pending")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False),
                name="concurrence_of_one",
            ),
            models.UniqueConstraint(
                fields=["operation", "round", "office"],
                condition=Q(office__isnull=False),
                name="concurrence_office_once",
            ),
            models.UniqueConstraint(
                fields=["operation", "round", "organisation"],
                condition=Q(organisation__isnull=False),
                name="concurrence_organisation_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="pending", answered_at__isnull=True)
                | (~Q(answer="pending") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="concurrence_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["comment", "objects"]) | ~Q(reason=""),
                name="concurrence_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.office or self.organisation)

    @property
    def answer_tone(self) -> str:
        if self.is_overdue or self.answer == Answer.OBJECTS:
            return "refused"
        return {"pending": "waiting", "comment": "running"}.get(self.answer, "done")

    @property
    def is_overdue(self) -> bool:
        return self.answer == Answer.PENDING and self.due_at < timezone.now()


class DiligenceDecision(models.TextChoices):
    PROCEED = "proceed", _("Proceed")
    MITIGATE = "mitigate", _("Proceed with mitigation")
    WITHHOLD = "withhold", _("Withhold or withdraw support")


@pghistory.track()
class DueDiligence(Part):
    """The assessment before support to security forces outside the UN: one per operation.

    Source: Human Rights Due Diligence Policy on UN support to non-UN security forces.
    Personal data: none beyond the text; it names forces, not persons. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.OneToOneField(Operation, on_delete=models.CASCADE, related_name="diligence")
    supported = models.TextField(_("who is supported, with what"), max_length=2000)
    risk = models.TextField(_("risk of grave violations"), max_length=4000)
    mitigation = models.TextField(_("mitigation"), blank=True, max_length=4000)
    decision = models.CharField(_("decision"), max_length=10, choices=DiligenceDecision)
    monitoring = models.TextField(_("how it is monitored"), max_length=2000)
    assessed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    assessed_at = models.DateTimeField(_("recorded"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("due diligence assessment")
        verbose_name_plural = _("due diligence assessments")

    def __str__(self) -> str:
        return str(self.get_decision_display())


@pghistory.track()
class DiligenceNote(Part):
    """What was seen while the support was given. Struck with a reason, never deleted.

    Personal data: who noted it. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="diligence_notes")
    text = models.TextField(_("what was seen"), max_length=4000)
    is_violation = models.BooleanField(_("a violation, or signs of one"), default=False)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    noted_at = models.DateTimeField(_("noted"), auto_now_add=True)
    struck_reason = models.CharField(_("struck, because"), max_length=300, blank=True)

    class Meta:
        ordering = ["-noted_at", "-pk"]
        verbose_name = _("note of monitoring")
        verbose_name_plural = _("notes of monitoring")

    def __str__(self) -> str:
        return self.text
