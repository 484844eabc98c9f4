"""Phases, tasks and what they wait for, decision points: the plan over time."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation, Person, Place, Position
from cimic_portal.core.sharing.records import Part
from operations.models.objective import Objective
from operations.models.operation import Operation
from operations.models.revision import PlanRow


@pghistory.track()
class Phase(PlanRow):
    """A stretch of the operation. Times are instants. Personal data: none. Retention: with the operation."""

    name = models.CharField(_("name"), max_length=120)
    intent = models.TextField(_("intent"), blank=True, max_length=2000)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))

    class Meta(PlanRow.Meta):
        ordering = ["starts_at", "order", "pk"]
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            *PlanRow.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="phase_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class OperationTask(PlanRow):
    """What one participant does, where and when. Times are instants.

    `office` or `organisation`: who does it; neither: not given to anybody yet.
    Personal data: none beyond the text. Retention: with the operation.
    """

    title = models.CharField(_("task"), max_length=200)
    details = models.TextField(_("details"), blank=True, max_length=4000)
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phase")
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("serves the objective"),
    )
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
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))

    class Meta(PlanRow.Meta):
        ordering = ["starts_at", "order", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            *PlanRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="operationtask_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=True) | Q(organisation__isnull=True),
                name="operationtask_one_participant",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class TaskDependency(Part):
    """`task` begins only when `needs` has ended. Both are of one revision; there is no circle.

    Personal data: none. Retention: with the operation.
    """

    part_of = "task"

    task = models.ForeignKey(OperationTask, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(OperationTask, on_delete=models.CASCADE, related_name="needed_by")

    class Meta:
        verbose_name = _("dependency of a task")
        verbose_name_plural = _("dependencies of tasks")
        constraints = [
            models.UniqueConstraint(fields=["task", "needs"], name="task_dependency_once"),
            models.CheckConstraint(condition=~Q(task=F("needs")), name="task_dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} after {self.needs_id}"


@pghistory.track()
class DecisionPoint(PlanRow):
    """When a condition is met somebody decides, by a time, and something follows.

    Personal data: none. Retention: with the operation.
    """

    title = models.CharField(_("decision"), max_length=200)
    condition = models.TextField(_("condition"), max_length=2000)
    decider = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who decides"),
    )
    due_at = models.DateTimeField(_("by when"))
    follows = models.TextField(_("what follows"), blank=True, max_length=2000)

    class Meta(PlanRow.Meta):
        ordering = ["due_at", "order", "pk"]
        verbose_name = _("decision point")
        verbose_name_plural = _("decision points")
        constraints = [*PlanRow.Meta.constraints]

    def __str__(self) -> str:
        return self.title


class TaskState(models.TextChoices):
    """Of a task in execution."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    HELD_UP = "held_up", _("Held up")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


@pghistory.track()
class TaskProgress(Part):
    """How far a task is. It follows the task's key through every revision of the plan.

    `percent`: 0 to 100. Personal data: who reported. Retention: with the operation.
    """

    part_of = "operation"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="progress")
    task_key = models.UUIDField(_("task"))
    state = models.CharField(_("state"), max_length=12, choices=TaskState, default=TaskState.NOT_STARTED)
    percent = models.PositiveSmallIntegerField(_("per cent"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    reported_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("progress of a task")
        verbose_name_plural = _("progress of tasks")
        constraints = [
            models.UniqueConstraint(fields=["operation", "task_key"], name="task_progress_once"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_progress_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.percent} %"

    @property
    def is_settled(self) -> bool:
        """Nothing more is expected of it."""
        return self.state in (TaskState.DONE, TaskState.DROPPED)

    @property
    def state_tone(self) -> str:
        return {
            TaskState.IN_PROGRESS: "running",
            TaskState.HELD_UP: "waiting",
            TaskState.DONE: "done",
        }.get(TaskState(self.state), "draft")
