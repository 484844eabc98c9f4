"""Requirements: which course is asked of whom, and by when."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Position
from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Part, Reference
from operations.models import Operation, OperationType, Participation
from training.models.course import Course
from training.querysets.requirement import OperationRequirementQuerySet, RequirementQuerySet

# Nobody is given longer than two years for a course.
LONGEST_DAYS = 730


class Whom(models.TextChoices):
    """Fixed: of whom a course is asked. An office stands for all below it as well."""

    EVERYBODY = "everybody", _("Everybody in the mission")
    COMPONENT = "component", _("A component of the mission")
    OFFICE = "office", _("An office with all below it")
    POSITION = "position", _("A position")
    OPERATION_TYPE = "operation_type", _("Participants of a type of operation")


class CountedFrom(models.TextChoices):
    """Fixed: the day from which the days run."""

    ARRIVAL = "arrival", _("The arrival in the mission")
    POST = "post", _("The day the post was taken over")


# Which column names the target.
TARGETS = {
    Whom.EVERYBODY: "",
    Whom.COMPONENT: "component",
    Whom.OFFICE: "office",
    Whom.POSITION: "position",
    Whom.OPERATION_TYPE: "kind",
}


def _names_its_target() -> Q:
    """Exactly the one column that `whom` asks for is filled."""
    found = Q(pk__in=[])
    for whom, column in TARGETS.items():
        empty = {f"{other}__isnull": True for other in filter(None, TARGETS.values()) if other != column}
        filled = {f"{column}__isnull": False} if column else {}
        found |= Q(whom=whom, **empty, **filled)
    return found


@pghistory.track()
class Requirement(Reference):
    """A course that a position needs, by when after arrival.

    `days`: how long after `counted_from` it is due. For participants of a type of operation it is due on the
    day the operation begins, so both are empty of meaning there. `always`: a qualification that has run out
    does not count; without it, having taken the course once is enough. One course is asked of one target
    once. Personal data: none. Retention: kept, archived when it is asked no more.
    """

    objects: ClassVar[RequirementQuerySet] = RequirementQuerySet.as_manager()  # type: ignore[assignment]

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="requirements", verbose_name=_("course")
    )
    whom = models.CharField(_("asked of"), max_length=16, choices=Whom)
    component = models.PositiveSmallIntegerField(_("component"), choices=Component, null=True, blank=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("position"),
    )
    kind = models.ForeignKey(
        OperationType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("type of operation"),
    )
    days = models.PositiveSmallIntegerField(
        _("due within days"), default=30, validators=[MaxValueValidator(LONGEST_DAYS)]
    )
    counted_from = models.CharField(
        _("counted from"), max_length=8, choices=CountedFrom, default=CountedFrom.ARRIVAL
    )
    always = models.BooleanField(_("must be valid at all times"), default=True)
    note = models.CharField(_("why"), max_length=300, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["course__code", "pk"]
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.CheckConstraint(condition=_names_its_target(), name="requirement_names_its_target"),
            models.CheckConstraint(condition=Q(days__lte=LONGEST_DAYS), name="requirement_within_two_years"),
            models.UniqueConstraint(
                fields=["course", "whom", "component", "office", "position", "kind"],
                condition=Q(is_archived=False),
                nulls_distinct=False,
                name="requirement_once_for_each_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.target_words}"

    def get_absolute_url(self) -> str:
        return reverse("requirement", args=[self.pk])

    def get_state_display(self) -> str:
        return str(_("Archived") if self.is_archived else _("In force"))

    @property
    def state_tone(self) -> str:
        return "draft" if self.is_archived else "running"

    @property
    def target(self) -> object | None:
        """The row that it is asked of; the number of a component; None for everybody."""
        column = TARGETS[Whom(self.whom)]
        return getattr(self, column) if column else None

    @property
    def target_words(self) -> str:
        if self.whom == Whom.COMPONENT:
            return str(self.get_component_display())
        return str(self.target or self.get_whom_display())

    @property
    def due_words(self) -> str:
        """By when, in words."""
        if self.whom == Whom.OPERATION_TYPE:
            return str(_("before the operation begins"))
        if not self.days:
            return str(_("at once"))
        if self.counted_from == CountedFrom.POST:
            return str(_("%(days)s days after taking over the post")) % {"days": self.days}
        return str(_("%(days)s days after arrival")) % {"days": self.days}


@pghistory.track()
class OperationRequirement(Part):
    """A course that those who take part in one operation need on the day it begins.

    `participation`: of one participant only; none: of all. Set by the lead office while it is planned.
    Personal data: none. Retention: with the operation.
    """

    part_of = "operation"

    objects: ClassVar[OperationRequirementQuerySet] = OperationRequirementQuerySet.as_manager()  # type: ignore[assignment]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="+")
    participation = models.ForeignKey(
        Participation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("participant"),
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+", verbose_name=_("course"))

    class Meta:
        ordering = ["course__code", "pk"]
        verbose_name = _("requirement of an operation")
        verbose_name_plural = _("requirements of operations")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "participation", "course"],
                nulls_distinct=False,
                name="operation_requirement_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}"
