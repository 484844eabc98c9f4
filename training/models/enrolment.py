"""Who takes part in a session, and how it went."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.records import Part
from training.models.course import Session
from training.models.record import TrainingRecord
from training.querysets.record import EnrolmentQuerySet


class EnrolmentState(models.TextChoices):
    """Fixed: asked → waiting | enrolled → attended | absent; declined or withdrawn before that."""

    ASKED = "asked", _("Waits for the office")
    WAITING = "waiting", _("On the waiting list")
    ENROLLED = "enrolled", _("Enrolled")
    ATTENDED = "attended", _("Attended")
    ABSENT = "absent", _("Absent")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Result(models.TextChoices):
    """Fixed. Only who attended has one."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")


OPEN_ENROLMENTS = (EnrolmentState.ASKED, EnrolmentState.WAITING, EnrolmentState.ENROLLED)


@pghistory.track()
class Enrolment(Part):
    """One person in one session. `during` is the session's period, so that no two seats overlap.

    `approver`: the position that answers where they asked themselves: of their office or above it, and
    where nobody there can, of the office that gives the course.
    `nominated_by`: who entered them, themselves or somebody of their office or of the one that gives it.
    `score` in per cent. Personal data: with the training record. Retention: with it.
    """

    part_of = "record"

    objects = EnrolmentQuerySet.as_manager()  # type: ignore[misc]

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="enrolments")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="+", verbose_name=_("session")
    )
    during = DateTimeRangeField(_("from, to"), editable=False)
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState)
    approver = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answers for the office"),
    )
    nominated_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    result = models.CharField(_("result"), max_length=8, choices=Result, blank=True)
    score = models.PositiveSmallIntegerField(
        _("score in per cent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["-session__starts_at", "-pk"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = [
            # The waiting list of a session, first come first.
            models.Index(fields=["session", "entered_at"], name="enrolment_queue"),
            # What waits for a position, on the home page.
            models.Index(fields=["approver"], name="enrolment_asked", condition=Q(state="asked")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "session"],
                condition=~Q(state__in=["declined", "withdrawn"]),
                name="enrolment_once_in_a_session",
            ),
            # Nobody sits in two rooms at once.
            ExclusionConstraint(
                name="enrolment_no_overlap",
                expressions=[("record", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state="enrolled"),
            ),
            models.CheckConstraint(
                condition=Q(state="attended") | Q(result="", score__isnull=True),
                name="enrolment_result_of_who_attended",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "withdrawn"]) | ~Q(reason=""),
                name="enrolment_given_up_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)

    def get_absolute_url(self) -> str:
        return self.session.get_absolute_url()

    @property
    def classification(self) -> int:
        return self.record.classification

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ENROLMENTS

    @property
    def state_tone(self) -> str:
        if self.result == Result.FAILED:
            return "refused"
        return {
            "asked": "waiting",
            "waiting": "waiting",
            "enrolled": "running",
            "attended": "done",
            "absent": "refused",
            "declined": "refused",
        }.get(self.state, "draft")

    @property
    def state_words(self) -> str:
        """Its state, with how it went of who attended."""
        if self.state != EnrolmentState.ATTENDED:
            return str(EnrolmentState(self.state).label)
        words = {
            Result.PASSED: _("Attended, passed"),
            Result.FAILED: _("Attended, did not pass"),
        }
        return str(words[Result(self.result)] if self.result else _("Attended, no result yet"))

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """The words of the pill, on every page and list."""
        return self.state_words
