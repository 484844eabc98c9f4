"""Commitments: what was promised in an engagement, by either side."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Organisation
from cimic_portal.core.sharing.records import Part
from liaison.models.engagement import Engagement
from liaison.querysets import CommitmentQuerySet


class CommitmentSide(models.TextChoices):
    OURS = "ours", _("We promised")
    THEIRS = "theirs", _("They promised")


class CommitmentState(models.TextChoices):
    OPEN = "open", _("Open")
    KEPT = "kept", _("Kept")
    BROKEN = "broken", _("Broken")
    RELEASED = "released", _("Released from it")


@pghistory.track()
class Commitment(Part):
    """Who promised what to whom by when. Seen by those who may see the engagement.

    `due_on` is a day of the mission's calendar. Personal data: none beyond the engagement's.
    Retention: with the engagement.
    """

    part_of = "engagement"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="commitments")
    side = models.CharField(_("who promised"), max_length=6, choices=CommitmentSide)
    what = models.CharField(_("what"), max_length=300)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("other side"),
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=CommitmentState, default=CommitmentState.OPEN)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    note = models.CharField(_("how it ended"), max_length=300, blank=True)

    objects = CommitmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = [
            # What falls due, on the home page.
            models.Index(fields=["due_on"], name="commitment_open", condition=models.Q(state="open")),
        ]

    @property
    def is_overdue(self) -> bool:
        return (
            self.state == CommitmentState.OPEN
            and self.due_on is not None
            and self.due_on < timezone.localdate()
        )

    @property
    def state_tone(self) -> str:
        if self.is_overdue:
            return "refused"
        return {"open": "running", "kept": "done", "broken": "refused"}.get(self.state, "draft")

    def __str__(self) -> str:
        return self.what
