"""The parts of an exercise: objectives, roles, runs with a clock of their own, and who plays what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from training.models.exercise import Exercise
from training.querysets.exercise import ExerciseSeatQuerySet


class Rating(models.TextChoices):
    """How far an objective was reached. Fixed."""

    ACHIEVED = "achieved", _("Achieved")
    PARTLY = "partly", _("Partly achieved")
    NOT = "not", _("Not achieved")


RATING_TONES = {"achieved": "done", "partly": "waiting", "not": "refused"}


@pghistory.track()
class ExerciseObjective(Part):
    """What is to be shown, by which component, how one sees it; and, after ENDEX, how far it was reached.

    `component` empty: by all together. Personal data: none. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField(_("number"))
    what = models.CharField(_("what is to be shown"), max_length=300)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component, null=True, blank=True)
    measure = models.TextField(_("how one sees it"), max_length=1000)
    rating = models.CharField(_("result"), max_length=10, choices=Rating, blank=True)
    summary = models.TextField(_("evaluation"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("objective of an exercise")
        verbose_name_plural = _("objectives of exercises")
        constraints = [
            models.UniqueConstraint(fields=["exercise", "number"], name="exerciseobjective_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.what}"

    @property
    def tone(self) -> str:
        return RATING_TONES.get(self.rating, "draft")


class Side(models.TextChoices):
    """Players play; control runs the exercise; observers watch it. Fixed."""

    PLAYER = "player", _("Player")
    CONTROL = "control", _("Exercise control")
    OBSERVER = "observer", _("Observer")


@pghistory.track()
class ExerciseRole(Part):
    """A part that somebody plays, in every run; who plays it says ExerciseSeat.

    `is_lead`: takes the decisions of a simulation, after every other role has concurred or objected.
    Personal data: none. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="played_roles")
    title = models.CharField(_("role"), max_length=120)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component)
    side = models.CharField(_("side"), max_length=8, choices=Side, default=Side.PLAYER)
    is_lead = models.BooleanField(_("leads: takes the decisions"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["-is_lead", "pk"]
        verbose_name = _("role of an exercise")
        verbose_name_plural = _("roles of exercises")
        constraints = [
            models.UniqueConstraint(fields=["exercise", "title"], name="exerciserole_title_once"),
            models.UniqueConstraint(
                fields=["exercise"], condition=Q(is_lead=True), name="exerciserole_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(side="player"), name="exerciserole_lead_plays"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RunState(models.TextChoices):
    """Fixed: ready → running ↔ paused → ended."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


@pghistory.track()
class ExerciseRun(Part):
    """One team goes through the exercise, once, on a clock of its own.

    Exercise time is the time since STARTEX without the pauses (`paused_seconds`, and what has passed
    since `paused_at`). Personal data: none. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveSmallIntegerField(_("run"))
    team = models.CharField(_("team"), max_length=80)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.READY)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(_("seconds of pauses"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name = _("run of an exercise")
        verbose_name_plural = _("runs of exercises")
        indexes = [
            # Whose clock runs: what the worker looks at every few seconds.
            models.Index(fields=["started_at"], name="exerciserun_running", condition=Q(state="running")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "number"], name="exerciserun_number_once"),
            models.UniqueConstraint(fields=["exercise", "team"], name="exerciserun_team_once"),
            models.CheckConstraint(
                condition=Q(state="ready", started_at__isnull=True)
                | (~Q(state="ready") & Q(started_at__isnull=False)),
                name="exerciserun_started_unless_ready",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_at__isnull=False)
                | (~Q(state="paused") & Q(paused_at__isnull=True)),
                name="exerciserun_paused_since",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="exerciserun_ended_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.team

    def get_absolute_url(self) -> str:
        return reverse("exercise_board", args=[self.exercise.reference, self.number])

    @property
    def state_tone(self) -> str:
        return {"ready": "draft", "running": "running", "paused": "waiting"}.get(self.state, "done")

    def elapsed(self, now: datetime) -> int:
        """Seconds of exercise time at `now`; 0 before STARTEX."""
        if self.started_at is None:
            return 0
        until = min(filter(None, (self.ended_at, self.paused_at, now)))
        return max(int((until - self.started_at).total_seconds()) - self.paused_seconds, 0)


@touches("training_exercise", "exercise_id")
@pghistory.track()
class ExerciseSeat(Part):
    """Who plays a role in a run: a position, a person, or both. Of control and observers for all runs.

    Rows are replaced, never changed. Personal data: who takes part. Retention: with the exercise.
    """

    part_of = "exercise"

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="seats")
    run = models.ForeignKey(
        ExerciseRun,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("run"),
    )
    role = models.ForeignKey(
        ExerciseRole, on_delete=models.CASCADE, related_name="seats", verbose_name=_("role")
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("played by the position"),
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("played by"),
    )

    objects = ExerciseSeatQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seat in an exercise")
        verbose_name_plural = _("seats in exercises")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "role"], condition=Q(run__isnull=False), name="exerciseseat_once_in_a_run"
            ),
            models.UniqueConstraint(
                fields=["role"], condition=Q(run__isnull=True), name="exerciseseat_once_in_control"
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False) | Q(person__isnull=False), name="exerciseseat_names_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.position)

    @property
    def who(self) -> str:
        """In words: the person and the position, as far as they are named."""
        return ", ".join(str(one) for one in (self.person, self.position) if one is not None)


def was_control(record_event: Any, person: Any) -> bool:
    """Whether the person ran the exercise then; of what stood in its trail only the owner office is asked."""
    return record_event.owner_office_id in person.access.owned
