"""Liaison taskings: what a position is asked to do."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Organisation, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import Part, SharedRecord
from cimic_portal.core.sharing.triggers import Named, Roles, shared
from liaison.models.engagement import Engagement
from liaison.querysets import TaskingQuerySet


class TaskingState(models.TextChoices):
    """Fixed: issued → acknowledged → in progress → done / declined / withdrawn."""

    ISSUED = "issued", _("Issued")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (TaskingState.ISSUED, TaskingState.ACKNOWLEDGED, TaskingState.IN_PROGRESS)


class Priority(models.IntegerChoices):
    ROUTINE = 1, _("Routine")
    PRIORITY = 2, _("Priority")
    IMMEDIATE = 3, _("Immediate")


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(
            Named("assignee_id", KeyKind.POSITION),
            Named("issuer_id", KeyKind.POSITION, early=True),
        )
    )
)
class Tasking(SharedRecord):
    """What a position is asked to do, why, about which organisation or area, by when.

    Published when issued. `issuer` is the position in which the author issued it. The result is
    one or more engagements. Personal data: none beyond the text. Retention: 24 months.
    """

    title = models.CharField(_("what"), max_length=200)
    why = models.TextField(_("why"), max_length=4000)
    details = models.TextField(_("details"), blank=True, max_length=8000)
    assignee = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position tasked")
    )
    issuer = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation to meet"),
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    due_at = models.DateTimeField(_("due"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.ROUTINE)
    state = models.CharField(_("state"), max_length=12, choices=TaskingState, default=TaskingState.ISSUED)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    outcome = models.TextField(_("outcome"), blank=True, max_length=8000)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = TaskingQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["due_at", "pk"]
        verbose_name = _("tasking")
        verbose_name_plural = _("taskings")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list by due time, and the reminders.
            models.Index(fields=["due_at", "id"], name="tasking_by_due"),
            models.Index(
                fields=["assignee", "due_at"],
                name="tasking_open_of_position",
                condition=Q(state__in=["issued", "acknowledged", "in_progress"]),
            ),
        ]
        constraints = [*SharedRecord.Meta.constraints]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("tasking", args=[self.reference])

    @property
    def state_tone(self) -> str:
        if self.is_overdue or self.state == TaskingState.DECLINED:
            return "refused"
        return {"issued": "waiting", "acknowledged": "running", "in_progress": "running", "done": "done"}.get(
            self.state, "draft"
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < timezone.now()


@pghistory.track()
class TaskingResult(Part):
    """An engagement that answers a tasking. Shown only to those who may see the engagement too."""

    part_of = "tasking"
    also_of = ("engagement",)

    tasking = models.ForeignKey(Tasking, on_delete=models.CASCADE, related_name="results")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("result of a tasking")
        verbose_name_plural = _("results of taskings")
        constraints = [
            models.UniqueConstraint(fields=["tasking", "engagement"], name="tasking_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tasking_id}: {self.engagement_id}"


TaskingPersonGrant, TaskingGroupGrant = grant_models(Tasking)
