"""Operations: what components and partners plan and do together."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Person, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import Named, NamedIn, Roles, shared
from operations.models.reference import OperationType
from operations.querysets.operation import OperationQuerySet


class OperationState(models.TextChoices):
    """Fixed: draft ↔ in staffing → approved → active ↔ suspended → completed → closed; cancelled."""

    DRAFT = "draft", _("Draft")
    STAFFING = "staffing", _("In staffing")
    APPROVED = "approved", _("Approved")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


BEFORE_APPROVAL = (OperationState.DRAFT, OperationState.STAFFING)
IN_FORCE = (OperationState.APPROVED, OperationState.ACTIVE, OperationState.SUSPENDED)
ENDED = (OperationState.COMPLETED, OperationState.CLOSED, OperationState.CANCELLED)


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(Named("approver_id", KeyKind.POSITION),),
        children=(
            NamedIn("operations_participation", "operation_id", "office_id", KeyKind.OFFICE),
            NamedIn("operations_participation", "operation_id", "organisation_id", KeyKind.ORGANISATION),
            NamedIn("operations_joiningparty", "operation_id", "office_id", KeyKind.OFFICE),
            NamedIn("operations_joiningparty", "operation_id", "organisation_id", KeyKind.ORGANISATION),
            NamedIn("operations_planwriter", "operation_id", "position_id", KeyKind.POSITION, early=True),
        ),
    )
)
class Operation(SharedRecord):
    """What is planned and done together, from the first draft to the lessons.

    Published when it first goes into staffing, and shared from then on, also while it is being
    reworked. `round` counts the times it went into staffing. `order_number` is given at approval,
    within the year of `approved_at`. `boundary`: corner points as [longitude, latitude], WGS 84, not
    closed. `non_un_support`: supports or acts with security forces outside the UN, so that a due
    diligence assessment is needed (Human Rights Due Diligence Policy).
    Personal data: none beyond the text. Retention: kept with the mission's archive.
    """

    title = models.CharField(_("title"), max_length=160)
    kind = models.ForeignKey(
        OperationType, on_delete=models.PROTECT, related_name="+", verbose_name=_("type")
    )
    purpose = models.TextField(_("purpose"), max_length=4000)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    boundary = models.JSONField(_("boundary"), default=list, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    non_un_support = models.BooleanField(_("with host-state or other non-UN security forces"), default=False)
    approver = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("to be approved by")
    )
    state = models.CharField(_("state"), max_length=10, choices=OperationState, default=OperationState.DRAFT)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    round = models.PositiveSmallIntegerField(_("round of staffing"), default=0)
    staffed_at = models.DateTimeField(_("sent into staffing"), null=True, blank=True)
    answers_due_at = models.DateTimeField(_("answers due"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    decision_reason = models.TextField(_("reasons of the decision"), blank=True, max_length=4000)
    order_number = models.PositiveIntegerField(_("number of the order"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = OperationQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-starts_at", "-id"]
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, newest first, page after page.
            models.Index(fields=["-starts_at", "-id"], name="operation_newest"),
            # What waits for an approving position.
            models.Index(fields=["approver"], name="operation_waiting", condition=Q(state="staffing")),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="operation_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(published_at__isnull=False),
                name="operation_published_when_staffed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "staffing", "cancelled"])
                | Q(approved_at__isnull=False, approved_by__isnull=False, order_number__isnull=False),
                name="operation_in_force_was_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("operation", args=[self.reference])

    @property
    def state_tone(self) -> str:
        return {
            "staffing": "waiting",
            "approved": "running",
            "active": "running",
            "suspended": "waiting",
            "completed": "done",
            "closed": "done",
            "cancelled": "refused",
        }.get(self.state, "draft")

    @property
    def is_before_approval(self) -> bool:
        return self.state in BEFORE_APPROVAL

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def order_name(self) -> str:
        """As the order is quoted: `OPO 2026/014`; empty before approval."""
        if self.order_number is None or self.approved_at is None:
            return ""
        return f"OPO {self.approved_at:%Y}/{self.order_number:03}"


OperationPersonGrant, OperationGroupGrant = grant_models(Operation)
