"""Engagements: the contact log."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Person, Place, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import KeyKind
from cimic_portal.core.sharing.records import SharedRecord
from cimic_portal.core.sharing.triggers import Named, NamedIn, Roles, shared
from liaison.models.kind import EngagementKind
from liaison.querysets import EngagementQuerySet


class EngagementState(models.TextChoices):
    """Fixed: planned → draft | not held; draft → submitted → returned / released."""

    PLANNED = "planned", _("Planned")
    NOT_HELD = "not_held", _("Did not take place")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    RELEASED = "released", _("Released")


class Atmosphere(models.TextChoices):
    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    NEGATIVE = "negative", _("Negative")


class Visibility(models.TextChoices):
    """How visible the meeting was to the population."""

    OPEN = "open", _("Open")
    DISCREET = "discreet", _("Discreet")
    LOW_PROFILE = "low_profile", _("Low profile")


WRITABLE = (EngagementState.PLANNED, EngagementState.DRAFT, EngagementState.RETURNED)


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(Named("approver_id", KeyKind.POSITION, early=True),),
        children=(NamedIn("liaison_attendance", "engagement_id", "person_id", KeyKind.PERSON),),
    )
)
class Engagement(SharedRecord):
    """A meeting or call that took place or is planned, with what was said and promised.

    Published when released. `approver` is the position asked to release it, set on submission.
    Times are instants (UTC in the database); coordinates decimal degrees, WGS 84.
    Personal data: what people said; who was met stands in Attendance. Retention: 24 months after
    the mission's setting, then anonymised.
    """

    purpose = models.CharField(_("purpose"), max_length=200)
    kind = models.ForeignKey(
        EngagementKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    location = models.CharField(_("where exactly"), max_length=160, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    key_points = models.TextField(_("key points"), blank=True, max_length=20_000)
    atmosphere = models.CharField(_("atmosphere"), max_length=10, choices=Atmosphere, blank=True)
    atmosphere_why = models.TextField(_("why"), blank=True, max_length=4000)
    local_context = models.TextField(
        _("local political, social or cultural observations"), blank=True, max_length=8000
    )
    next_steps = models.TextField(_("next steps"), blank=True, max_length=8000)
    visibility = models.CharField(_("visibility"), max_length=12, choices=Visibility, default=Visibility.OPEN)
    do_no_harm = models.TextField(_("do-no-harm note"), blank=True, max_length=4000)
    state = models.CharField(
        _("state"), max_length=12, choices=EngagementState, default=EngagementState.DRAFT
    )
    approver = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to be released by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    returned_reason = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    not_held_reason = models.TextField(_("why it did not take place"), blank=True, max_length=2000)
    released_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = EngagementQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["-starts_at", "-id"]
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The list, newest first, page after page.
            models.Index(fields=["-starts_at", "-id"], name="engagement_newest"),
            # The releasing officer's list of what waits.
            models.Index(
                fields=["approver", "submitted_at"], name="engagement_waiting", condition=Q(state="submitted")
            ),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="engagement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="engagement_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(state="released", published_at__isnull=False)
                | (~Q(state="released") & Q(published_at__isnull=True)),
                name="engagement_published_when_released",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    def get_absolute_url(self) -> str:
        return reverse("engagement", args=[self.reference])

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    @property
    def state_tone(self) -> str:
        return {"draft": "draft", "planned": "draft", "not_held": "draft", "submitted": "waiting"}.get(
            self.state, "refused" if self.state == EngagementState.RETURNED else "done"
        )

    @property
    def atmosphere_tone(self) -> str:
        return {"positive": "done", "negative": "refused"}.get(self.atmosphere, "draft")

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        """(latitude, longitude) in decimal degrees, or None."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


EngagementPersonGrant, EngagementGroupGrant = grant_models(Engagement)
