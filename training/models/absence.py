"""When somebody is away: leave, duty travel."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import Part
from training.models.record import TrainingRecord
from training.querysets.absence import AbsenceQuerySet


class DayRange(Func):
    """`[since, until]` as a range of days."""

    function = "DATERANGE"
    output_field = DateRangeField()


class AbsenceKind(models.TextChoices):
    """Fixed, and no more than others need to know: nobody is asked why they are on leave."""

    LEAVE = "leave", _("Leave")
    TRAVEL = "travel", _("Duty travel")


@pghistory.track()
class Absence(Part):
    """Days on which a person is away: first and last day, of the mission's calendar.

    Read with the training record: by the person, their office with the heads above it, and whoever trains
    them; these must know before they plan with somebody. A wrong entry is withdrawn. Two of one person do not
    overlap. Personal data: that somebody is away, not why. Retention: with the record.
    """

    part_of = "record"

    objects = AbsenceQuerySet.as_manager()  # type: ignore[misc]

    record = models.ForeignKey(TrainingRecord, on_delete=models.CASCADE, related_name="absences")
    kind = models.CharField(_("kind"), max_length=8, choices=AbsenceKind)
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    entered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["since", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [
            # Who is away in a period.
            models.Index(fields=["until", "since"], name="absence_by_days"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="absence_ends_after_start"),
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[
                    ("record", RangeOperators.EQUAL),
                    (
                        DayRange("since", "until", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since:%d %b} – {self.until:%d %b %Y}"
