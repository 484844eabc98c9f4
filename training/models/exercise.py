"""Exercises: what is practised, by whom, and how far it has come."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import NamedIn, Roles, shared
from operations.models import OperationType
from training.models.theme import LessonTheme
from training.querysets.exercise import ExerciseQuerySet

_MARK = "EXERCISE"
MARK = f"{_MARK} {_MARK} {_MARK}"


class ExerciseForm(models.TextChoices):
    """Fixed."""

    TABLE_TOP = "table_top", _("Table-top")
    SIMULATION = "simulation", _("Simulation")
    FIELD = "field", _("Field exercise")


class ExerciseState(models.TextChoices):
    """Fixed: draft → scheduled → running ↔ paused → ended → evaluated → closed; cancelled before it ended."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
    EVALUATED = "evaluated", _("Evaluated")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        children=(
            NamedIn("training_exerciseseat", "exercise_id", "position_id", KeyKind.POSITION),
            NamedIn("training_exerciseseat", "exercise_id", "person_id", KeyKind.PERSON),
        )
    )
)
class Exercise(SharedRecord):
    """A table-top, a simulation or a field exercise. Nothing of it mixes with the mission's own records.

    Published when it is scheduled: audience and those who are seated read it from then on. The owner
    office is the exercise control. `scenario` is rich text. `starts_at` and `ends_at` are the planned
    instants of STARTEX and ENDEX; each run has a clock of its own. `dimensions`: by what decisions of a
    simulation are scored. Personal data: none beyond the text. Retention: kept with the mission's archive.
    """

    mark = _MARK

    title = models.CharField(_("title"), max_length=160)
    form = models.CharField(_("form"), max_length=10, choices=ExerciseForm, default=ExerciseForm.TABLE_TOP)
    purpose = models.TextField(_("purpose"), max_length=2000)
    scenario = models.TextField(_("scenario"), blank=True, max_length=12000)
    theme = models.ForeignKey(
        LessonTheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
    )
    kind = models.ForeignKey(
        OperationType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("type of operation"),
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    starts_at = models.DateTimeField(_("STARTEX"))
    ends_at = models.DateTimeField(_("ENDEX"))
    dimensions = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("what decisions are scored by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=ExerciseState, default=ExerciseState.DRAFT)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ExerciseQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-starts_at", "-id"]
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, the latest first.
            models.Index(fields=["-starts_at", "-id"], name="exercise_latest"),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="exercise_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(published_at__isnull=False),
                name="exercise_published_when_scheduled",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "evaluated", "closed"]) | Q(ended_at__isnull=False),
                name="exercise_ended_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(state_reason=""), name="exercise_cancelled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exercise", args=[self.reference])

    @property
    def minutes(self) -> int:
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def is_simulation(self) -> bool:
        return self.form == ExerciseForm.SIMULATION

    @property
    def is_open(self) -> bool:
        """Not ended yet, nor cancelled."""
        return self.state in {"draft", "scheduled", "running", "paused"}

    @property
    def state_tone(self) -> str:
        return {
            "scheduled": "waiting",
            "running": "running",
            "paused": "waiting",
            "ended": "waiting",
            "evaluated": "done",
            "closed": "done",
            "cancelled": "refused",
        }.get(self.state, "draft")


ExercisePersonGrant, ExerciseGroupGrant = grant_models(Exercise)
