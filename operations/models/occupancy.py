"""When assets are not free: times out of service, and the one table in which nothing can overlap."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import Part
from operations.models.asset import Asset
from operations.models.booking import Booking
from operations.querysets.booking import OccupancyQuerySet

NO_OVERLAP = "occupancy_once_at_a_time"
_BLOCK = """
    IF NEW.struck_reason = '' THEN
        INSERT INTO operations_occupancy (asset_id, unavailability_id, starts_at, ends_at)
            VALUES (NEW.asset_id, NEW.id, NEW.starts_at, NEW.ends_at)
            ON CONFLICT (unavailability_id) DO UPDATE
            SET starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at;
    ELSE
        DELETE FROM operations_occupancy WHERE unavailability_id = NEW.id;
    END IF;
    RETURN NULL;
"""


class Span(Func):
    """`[starts_at, ends_at)` as a range; an empty end is open."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


@pgtrigger.register(
    pgtrigger.Trigger(
        name="block",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=_BLOCK,
    )
)
@pghistory.track()
class Unavailability(Part):
    """A time in which an asset cannot be booked: maintenance, rotation, loan. An empty end is open.

    Struck with a reason, never deleted. Personal data: who entered it. Retention: with the asset.
    """

    part_of = "asset"

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="unavailabilities")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=200)
    entered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    struck_reason = models.CharField(_("struck, because"), max_length=300, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("time out of service")
        verbose_name_plural = _("times out of service")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="unavailability_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


@pghistory.track()
class Occupancy(Part):
    """When an asset is not free: what is confirmed, and when it is out of service.

    Written by the triggers of Booking and Unavailability alone. Overlapping rows of one asset are refused
    by the database. Whoever may see the asset may see these, and so knows when it is free.
    Personal data: none. Retention: with the asset.
    """

    part_of = "asset"

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="occupancies")
    booking = models.OneToOneField(
        Booking, on_delete=models.CASCADE, null=True, blank=True, related_name="occupancy"
    )
    unavailability = models.OneToOneField(
        Unavailability, on_delete=models.CASCADE, null=True, blank=True, related_name="occupancy"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"), null=True, blank=True)

    objects = OccupancyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("time in which an asset is taken")
        verbose_name_plural = _("times in which assets are taken")
        constraints = [
            models.CheckConstraint(
                condition=Q(booking__isnull=False, unavailability__isnull=True)
                | Q(booking__isnull=True, unavailability__isnull=False),
                name="occupancy_of_one",
            ),
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    ("asset", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
