"""What a FRAGO changes of the frame: who takes part from then on, and who is asked whether it joins."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Organisation
from cimic_portal.core.sharing.records import Part
from cimic_portal.core.sharing.triggers import touches
from operations.models.operation import Operation
from operations.models.participation import TakingPart, one_of_each
from operations.models.revision import PlanRevision


@pghistory.track()
class FrameParticipant(TakingPart):
    """Who takes part once the FRAGO is in force. All of them, or no row where the FRAGO changes nobody.

    Personal data: none. Retention: with the operation.
    """

    part_of = "revision"

    revision = models.ForeignKey(PlanRevision, on_delete=models.CASCADE, related_name="frame_participants")

    class Meta:
        ordering = ["revision", "pk"]
        verbose_name = _("participant as a FRAGO has it")
        verbose_name_plural = _("participants as a FRAGO has them")
        constraints = one_of_each("frameparticipant", "revision")


@touches("operations_operation", "operation_id")
@pghistory.track()
class JoiningParty(Part):
    """Who is asked whether it joins by a FRAGO, and so reads the operation and the FRAGO meanwhile.

    Rows stand while the FRAGO waits to be issued: then they take part, or it goes back and they read
    no more. Never changed. Personal data: none. Retention: while it is asked.
    """

    part_of = "operation"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="joining")
    revision = models.ForeignKey(PlanRevision, on_delete=models.CASCADE, related_name="joining")
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

    class Meta:
        ordering = ["pk"]
        verbose_name = _("party that is asked to join")
        verbose_name_plural = _("parties that are asked to join")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False),
                name="joiningparty_names_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.office or self.organisation)
