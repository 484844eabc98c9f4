"""Courses of the catalogue, and when each is held."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from dateutil.relativedelta import relativedelta
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person, Place
from cimic_portal.core.sharing.levels import Classification
from cimic_portal.core.sharing.records import Reference
from training.querysets.course import CourseQuerySet, SessionQuerySet


class CoursePhase(models.TextChoices):
    """Fixed: when in a tour a course belongs."""

    BEFORE = "before", _("Pre-deployment")
    INDUCTION = "induction", _("Induction")
    ONGOING = "ongoing", _("Ongoing")


@pghistory.track()
class Course(Reference):
    """One course of the catalogue: by which standard, given by whom, and how long it holds good.

    `office` gives it: it holds sessions and marks results; empty where it is taken elsewhere, before
    deployment. `validity_months`: empty where what was learned does not expire. Source: CPTM and STM of
    the UN's integrated training service name standard and edition.
    Personal data: none. Retention: kept, archived.
    """

    objects: ClassVar[CourseQuerySet] = CourseQuerySet.as_manager()  # type: ignore[assignment]

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Z0-9][A-Z0-9-]*\Z", _("Capital letters, digits and hyphens, such as IND-01.")
            )
        ],
    )
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("what one can do afterwards"), max_length=2000, blank=True)
    standard = models.CharField(
        _("standard"), max_length=80, blank=True, help_text=_("CPTM, STM, national …")
    )
    edition = models.CharField(_("edition"), max_length=40, blank=True)
    phase = models.CharField(_("phase"), max_length=10, choices=CoursePhase, default=CoursePhase.ONGOING)
    authority = models.CharField(_("issuing authority"), max_length=120)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
        help_text=_("Holds sessions and marks results. Empty: taken before deployment."),
    )
    validity_months = models.PositiveSmallIntegerField(
        _("valid for months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Empty: does not expire."),
    )
    pass_score = models.PositiveSmallIntegerField(
        _("pass mark in per cent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(validity_months__isnull=True) | Q(validity_months__gte=1),
                name="course_validity_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.code])

    def expiry(self, issued_on: date) -> date | None:
        """The last day on which what was issued then is valid; None: it does not expire."""
        if self.validity_months is None:
            return None
        return issued_on + relativedelta(months=self.validity_months, days=-1)


class SessionState(models.TextChoices):
    """Fixed: planned → held; cancelled from planned."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


@pghistory.track()
class Session(Reference):
    """One time that a course is held: when, where, by whom, for how many.

    Everybody reads when and where, and how many seats are left; who sits on them is told with the
    training records. `taken` and `waiting` are kept as enrolments change. Times are instants.
    Personal data: the trainer. Retention: kept.
    """

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    room = models.CharField(_("room or address"), max_length=160, blank=True)
    trainer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trainer")
    )
    language = models.CharField(_("language"), max_length=40, blank=True)
    note = models.TextField(_("what to bring and to know"), max_length=1000, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=20, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    waiting = models.PositiveSmallIntegerField(_("waiting"), default=0, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=SessionState, default=SessionState.PLANNED)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            # The calendar and the list, by beginning.
            models.Index(fields=["starts_at", "id"], name="session_by_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            # An over-full session is refused by the database itself.
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="session_not_over_full"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(state_reason=""), name="session_cancelled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}, {timezone.localtime(self.starts_at):%d %b %Y}"

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.pk])

    @property
    def classification(self) -> int:
        """The calendar is open to everybody with a post."""
        return Classification.UNCLASSIFIED

    @property
    def where(self) -> str:
        """The place and the room, as far as they are known."""
        return ", ".join(filter(None, [str(self.place or ""), self.room]))

    @property
    def is_of_one_day(self) -> bool:
        """Whether it ends on the day of the mission's calendar on which it begins."""
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)

    @property
    def left(self) -> int:
        return self.seats - self.taken

    @property
    def is_planned(self) -> bool:
        return self.state == SessionState.PLANNED

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def state_tone(self) -> str:
        return {"planned": "running", "held": "done", "cancelled": "refused"}[self.state]
