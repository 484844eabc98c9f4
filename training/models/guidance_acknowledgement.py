"""Who is asked to acknowledge guidance, and their signed word."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.records import Part
from training.models.guidance_version import GuidanceVersion
from training.querysets.guidance import GuidanceAcknowledgementQuerySet


@pghistory.track()
class GuidanceAcknowledgement(Part):
    """One person who is asked to acknowledge a version, and their word when it is given.

    Made when the version comes into force, and for those who come later; taken away where it is pending and
    concerns them no more. `office`, `position`: the post for which the person was asked. `words`: what was
    signed. Read by the person, the owner office and the heads of the office. Personal data: who has read
    what, when. Retention: with the version; it proves that people knew the rule.
    """

    part_of = "version"

    version = models.ForeignKey(GuidanceVersion, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("office"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    due_on = models.DateField(_("by when"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    words = models.TextField(_("signed words"), blank=True, max_length=500)

    objects = GuidanceAcknowledgementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("acknowledgement of guidance")
        verbose_name_plural = _("acknowledgements of guidance")
        indexes = [
            # What a person has still to acknowledge; the reminders.
            models.Index(
                fields=["person", "due_on"],
                name="guidanceack_pending",
                condition=Q(acknowledged_at__isnull=True),
            ),
            # The register, by day.
            models.Index(fields=["due_on", "id"], name="guidanceack_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="guidanceack_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, words="")
                | (Q(acknowledged_at__isnull=False) & ~Q(words="")),
                name="guidanceack_signed",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("asked_at")),
                name="guidanceack_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("guidance", args=[self.version.guidance.reference])

    @property
    def is_overdue(self) -> bool:
        return self.acknowledged_at is None and self.due_on < timezone.localdate()

    @property
    def state(self) -> str:
        return "pending" if self.acknowledged_at is None else "done"

    @property
    def state_tone(self) -> str:
        if self.is_overdue:
            return "refused"
        return "waiting" if self.acknowledged_at is None else "done"

    def get_state_display(self) -> str:
        return str(_("To acknowledge") if self.acknowledged_at is None else _("Acknowledged"))
