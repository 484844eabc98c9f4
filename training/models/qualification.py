"""What a person is qualified for, since when and until when."""

from __future__ import annotations

import secrets
from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Attachment, Person
from cimic_portal.core.sharing.records import REFERENCE_LETTERS, Part
from training.models.course import Course
from training.models.enrolment import Enrolment
from training.models.record import TrainingRecord
from training.querysets.record import QualificationQuerySet

CODE_LENGTH = 16


def new_code() -> str:
    """The code on a certificate: long enough that nobody guesses one."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(CODE_LENGTH))


class Way(models.TextChoices):
    """Fixed: how somebody came to be qualified."""

    SESSION = "session", _("Session of this mission")
    MODULE = "module", _("Online module")
    EARLIER = "earlier", _("Before the mission")


@pghistory.track()
class Qualification(Part):
    """A course that a person holds. A retake is a new row: the later one counts, the earlier stays.

    `issued_on` and `expires_on` are days of the mission's calendar; it is valid through `expires_on`,
    empty where it does not expire. One from before the mission names its authority and counts once
    somebody else has confirmed its proof (`confirmed_at`). One that was revoked counts no more.
    `reason`: what was seen instead of a proof; once it is revoked, why.
    Personal data: with the training record. Retention: with it.
    """

    part_of = "record"

    objects = QualificationQuerySet.as_manager()  # type: ignore[misc]

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="qualifications")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", verbose_name=_("course"))
    issued_on = models.DateField(_("issued"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    way = models.CharField(_("how"), max_length=8, choices=Way)
    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, null=True, blank=True, related_name="qualification"
    )
    authority = models.CharField(_("issuing authority"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        indexes = [
            # Readiness: the latest of each person and course.
            models.Index(fields=["record", "course", "-issued_on"], name="qualification_latest"),
            # The list, newest first.
            models.Index(fields=["-issued_on", "-id"], name="qualification_newest"),
            # What expires soon.
            models.Index(fields=["expires_on"], name="qualification_expiring"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="qualification_expires_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(reason=""), name="qualification_revoked_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.course)

    def get_absolute_url(self) -> str:
        return reverse("qualification", args=[self.pk])

    @property
    def counts(self) -> bool:
        """Whether it was confirmed and not revoked; its days are another question."""
        return self.confirmed_at is not None and self.revoked_at is None

    def valid_on(self, day: date) -> bool:
        return self.counts and self.issued_on <= day and (self.expires_on is None or day <= self.expires_on)

    @property
    def has_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def classification(self) -> int:
        return self.record.classification

    def get_state_display(self) -> str:
        if self.revoked_at is not None:
            return str(_("Revoked"))
        if self.confirmed_at is None:
            return str(_("To be confirmed"))
        if not self.valid_on(timezone.localdate()):
            return str(_("Expired"))
        return str(_("Valid"))

    @property
    def state_tone(self) -> str:
        if self.revoked_at is not None:
            return "refused"
        if self.confirmed_at is None:
            return "waiting"
        return "done" if self.valid_on(timezone.localdate()) else "refused"


@pghistory.track()
class Proof(Attachment):
    """A picture of the paper behind a qualification from before the mission.

    Personal data: whatever the paper shows. Retention: with the record.
    """

    part_of = "record"

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="proofs")

    class Meta(Attachment.Meta):
        verbose_name = _("proof of a qualification")
        verbose_name_plural = _("proofs of qualifications")
