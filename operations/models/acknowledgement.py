"""Who has read an order or a FRAGO that concerns them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation, Person, Position
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.models.revision import PlanRevision
from operations.querysets.operation import AcknowledgementQuerySet


@pghistory.track()
class Acknowledgement(Part):
    """One participant's word that it has read one revision that came into force.

    Asked of every participant when an order is approved or a FRAGO issued; `recorded_how`: where the
    word came by another way and the lead recorded it. Personal data: who acknowledged. Retention: with
    the operation.
    """

    part_of = "operation"

    objects = AcknowledgementQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="acknowledgements")
    revision = models.ForeignKey(PlanRevision, on_delete=models.CASCADE, related_name="acknowledgements")
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
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledges through"),
    )
    acknowledged_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    recorded_how = models.CharField(_("how the word came"), max_length=200, blank=True)

    class Meta:
        ordering = ["revision", "pk"]
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        indexes = [
            # What a position has not acknowledged yet.
            models.Index(
                fields=["position"],
                name="acknowledgement_pending",
                condition=Q(acknowledged_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False),
                name="acknowledgement_of_one",
            ),
            models.UniqueConstraint(
                fields=["revision", "office"],
                condition=Q(office__isnull=False),
                name="acknowledgement_office_once",
            ),
            models.UniqueConstraint(
                fields=["revision", "organisation"],
                condition=Q(organisation__isnull=False),
                name="acknowledgement_organisation_once",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="acknowledgement_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.office or self.organisation)
