"""Quick impact projects: small, visible help that a mission pays for."""

from __future__ import annotations

from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.geo import GeoPosition
from cimic_portal.core.models import Area, Organisation, Person, Place, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import Named, NamedIn, Roles, shared
from operations.querysets.qip import QipQuerySet


class QipState(models.TextChoices):
    """Fixed: draft → submitted → under review → approved / not approved; approved → under way → completed
    → closed; returned from submitted or under review; cancelled before completion."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    NOT_APPROVED = "not_approved", _("Not approved")
    UNDER_WAY = "under_way", _("Under way")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


WRITABLE = (QipState.DRAFT, QipState.RETURNED)
# From here on money may flow: what was approved stands.
GRANTED = (QipState.APPROVED, QipState.UNDER_WAY, QipState.COMPLETED, QipState.CLOSED)
_TONES = {
    QipState.SUBMITTED: "waiting",
    QipState.UNDER_REVIEW: "waiting",
    QipState.RETURNED: "refused",
    QipState.APPROVED: "running",
    QipState.NOT_APPROVED: "refused",
    QipState.UNDER_WAY: "running",
    QipState.COMPLETED: "waiting",
    QipState.CLOSED: "done",
}


def money(label: object, **options: object) -> models.DecimalField[Decimal, Decimal]:
    """An amount with two places, in the currency of its project."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, **options)  # type: ignore[arg-type]


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(Named("chair_id", KeyKind.POSITION),),
        children=(NamedIn("operations_qipvote", "qip_id", "position_id", KeyKind.POSITION),),
    )
)
class Qip(SharedRecord):
    """A project that meets a need of a community at once, from need to completion report.

    Published when submitted. `chair` is the position that leads the review of this proposal, set on
    submission; the members asked to vote stand in QipVote. `budget` is the sum of its lines,
    `approved_amount` what the committee approved; payments never exceed it. `review_version`: the version
    on which the members vote. Money in `currency`; days of the mission's calendar; coordinates decimal
    degrees, WGS 84. Personal data: none beyond its texts. Retention: 24 months after it was closed.
    """

    title = models.CharField(_("title"), max_length=200)
    need = models.TextField(_("need"), max_length=8000)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    location = models.CharField(_("where exactly"), max_length=160, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    partner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("implementing partner"),
    )
    beneficiaries = models.CharField(_("who benefits"), max_length=300, blank=True)
    beneficiary_count = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    starts_on = models.DateField(_("planned start"), null=True, blank=True)
    ends_on = models.DateField(_("planned end"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, editable=False)
    budget = money(_("budget"), default=Decimal("0.00"), editable=False)
    state = models.CharField(_("state"), max_length=12, choices=QipState, default=QipState.DRAFT)
    chair = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    returned_reason = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, blank=True, editable=False)
    review_version = models.PositiveIntegerField(null=True, blank=True, editable=False)
    approved_amount = money(_("approved amount"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True, max_length=2000)
    cancelled_reason = models.TextField(_("why it was cancelled"), blank=True, max_length=2000)
    result = models.TextField(_("what was achieved"), blank=True, max_length=8000)
    reached_count = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    handed_to = models.CharField(_("handed over to"), max_length=200, blank=True)
    lessons = models.TextField(_("what to do otherwise"), blank=True, max_length=4000)
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    reopened_reason = models.TextField(_("what the report lacks"), blank=True, max_length=2000)

    objects = QipQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-id"]
        verbose_name = _("quick impact project")
        verbose_name_plural = _("quick impact projects")
        indexes = [
            *SharedRecord.Meta.indexes,
            # What lies near another one: narrowed by latitude and longitude before distances are computed.
            models.Index(fields=["latitude", "longitude"], name="qip_by_position"),
            # What waits for the chair, on the home page.
            models.Index(
                fields=["chair", "submitted_at"],
                name="qip_waiting",
                condition=Q(state__in=["submitted", "under_review", "completed"]),
            ),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="qip_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="qip_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(budget__gte=0), name="qip_budget_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "under_review", *GRANTED])
                | Q(published_at__isnull=False),
                name="qip_published_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gt=0, approved_amount__lte=F("budget"), decided_by__isnull=False),
                name="qip_approved_within_budget",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=GRANTED) | Q(approved_amount__isnull=False),
                name="qip_granted_names_amount",
            ),
            # Nobody decides their own proposal, whatever the code forgot.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
                name="qip_not_decided_by_author",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_amount__isnull=False)
                & pgtrigger.Q(old__approved_amount__df=pgtrigger.F("new__approved_amount")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("qip", args=[self.reference])

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def is_granted(self) -> bool:
        return self.state in GRANTED

    @property
    def state_tone(self) -> str:
        return _TONES.get(QipState(self.state), "draft")

    @property
    def position(self) -> GeoPosition | None:
        if self.latitude is None or self.longitude is None:
            return None
        return GeoPosition.of(self.latitude, self.longitude)


QipPersonGrant, QipGroupGrant = grant_models(Qip)
