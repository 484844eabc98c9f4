"""What was seen in an exercise, what it means, and the after-action review."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.records import Part
from training.models.exercise import Exercise
from training.models.exercise_inject import ExerciseInject, clock_words
from training.models.exercise_parts import RATING_TONES, ExerciseObjective, ExerciseRun, Rating
from training.querysets.exercise import ObservationQuerySet


@pghistory.track()
class ExerciseObservation(Part):
    """What control or an observer saw in a run, against an objective, and how it rates it.

    Struck with a reason, never deleted. Narrower than the exercise until it is evaluated.
    Personal data: who saw it, and whom the text names. Retention: with the exercise.
    """

    part_of = "run"

    run = models.ForeignKey(ExerciseRun, on_delete=models.CASCADE, related_name="observations")
    objective = models.ForeignKey(
        ExerciseObjective,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name=_("objective"),
    )
    inject = models.ForeignKey(
        ExerciseInject,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("inject"),
    )
    seen = models.TextField(_("what was seen"), max_length=4000)
    rating = models.CharField(_("rating"), max_length=10, choices=Rating)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("seen by"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    second = models.PositiveIntegerField(_("exercise time"))
    struck_reason = models.CharField(_("struck, because"), max_length=300, blank=True)

    objects = ObservationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.CheckConstraint(condition=~Q(seen=""), name="exerciseobservation_says_something")
        ]

    def __str__(self) -> str:
        return self.seen[:120]

    @property
    def clock(self) -> str:
        return clock_words(self.second)

    @property
    def tone(self) -> str:
        return RATING_TONES[self.rating]


@pghistory.track()
class ExerciseReview(Part):
    """What was expected, what happened, why, and what comes next: one per exercise, finished once.

    Personal data: who wrote and finished it. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.OneToOneField(Exercise, on_delete=models.CASCADE, related_name="review")
    expected = models.TextField(_("what was expected"), blank=True, max_length=8000)
    happened = models.TextField(_("what happened"), blank=True, max_length=8000)
    why = models.TextField(_("why"), blank=True, max_length=8000)
    next_steps = models.TextField(_("what comes next"), blank=True, max_length=8000)
    changed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    finished_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("finished by"),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    class Meta:
        verbose_name = _("after-action review of an exercise")
        verbose_name_plural = _("after-action reviews of exercises")
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="exercisereview_finished_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(_("After-action review"))


@pghistory.track()
class ExerciseFinding(Part):
    """What was seen, what it means, and what should be done by whom. It becomes a lesson.

    Withdrawn with a reason, never deleted. `owner` is needed when the review is finished.
    Personal data: who entered it. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="findings")
    observation = models.TextField(_("what was seen"), max_length=4000)
    insight = models.TextField(_("what it means"), blank=True, max_length=4000)
    recommendation = models.TextField(_("what should be done"), max_length=4000)
    owner = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who follows it up"),
    )
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    withdrawn_reason = models.CharField(_("withdrawn, because"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("finding of an exercise")
        verbose_name_plural = _("findings of exercises")

    def __str__(self) -> str:
        return self.observation[:120]
