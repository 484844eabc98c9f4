"""Versions of guidance: what stood, what stands, and what is being written or reviewed."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person
from cimic_portal.core.sharing.records import Part
from training.models.guidance import Guidance
from training.querysets.guidance import OPEN_VERSIONS, GuidanceVersionQuerySet


class VersionState(models.TextChoices):
    """Fixed: draft → review ↔ returned → approved → in force → superseded / withdrawn; dropped while open."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved, not yet in force")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DROPPED = "dropped", _("Dropped")


_TONES = {
    VersionState.REVIEW: "waiting",
    VersionState.RETURNED: "refused",
    VersionState.APPROVED: "running",
    VersionState.IN_FORCE: "done",
    VersionState.WITHDRAWN: "refused",
}


@pghistory.track()
class GuidanceVersion(Part):
    """One version of the text, in simple Markdown.

    `published_at`: when it came into force; from then on the readers of the document read it, and go on
    doing so when it is superseded. Before it the owner office, its author, the reviewers who were asked and
    the approving position do. `writers`: ids of everybody who wrote in it, none of whom decides on it.
    `effective_on`, `ended_on`: days of the mission's calendar. `version` counts the verbs done to the row.
    Personal data: who wrote and decided. Retention: with the document.
    """

    part_of = "guidance"

    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), blank=True, max_length=60_000)
    changes = models.TextField(_("what changed"), blank=True, max_length=2000)
    is_correction = models.BooleanField(_("small correction"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by"))
    writers = ArrayField(models.IntegerField(), default=list, blank=True, verbose_name=_("written by"))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("sent into review"), null=True, blank=True)
    returned_reason = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brought into force by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = GuidanceVersionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["guidance", "-number"]
        verbose_name = _("version of guidance")
        verbose_name_plural = _("versions of guidance")
        indexes = [
            # What comes into force today.
            models.Index(
                fields=["effective_on"], name="guidanceversion_coming", condition=Q(state="approved")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["guidance", "number"], name="guidanceversion_number_once"),
            models.UniqueConstraint(
                fields=["guidance"],
                condition=Q(state__in=["draft", "review", "returned", "approved"]),
                name="guidanceversion_one_open",
            ),
            models.UniqueConstraint(
                fields=["guidance"], condition=Q(state="in_force"), name="guidanceversion_one_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "in_force", "superseded"])
                | Q(decided_by__isnull=False, effective_on__isnull=False),
                name="guidanceversion_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "superseded", "withdrawn"])
                | Q(published_at__isnull=False),
                name="guidanceversion_published_in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Version %d")) % self.number

    @property
    def whole_name(self) -> str:
        """With its document."""
        return str(_("%(title)s, version %(number)d")) % {"title": self.guidance, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("guidance_version", args=[self.guidance.reference, self.number])

    @property
    def classification(self) -> int:
        """That of its document."""
        return self.guidance.classification

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_VERSIONS

    @property
    def is_writable(self) -> bool:
        return self.state in (VersionState.DRAFT, VersionState.RETURNED)

    @property
    def state_tone(self) -> str:
        return _TONES.get(VersionState(self.state), "draft")

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """As `GuidanceVersionQuerySet.visible_to`, on the day of the event."""
        return bool(
            event.published_at is not None
            or record_event.published_at is None
            or record_event.owner_office_id in person.access.owned
            or (event.author_id == person.pk and _within(record_event.owner_office_id, person))
            or {record_event.owner_id, record_event.approver_id} & person.access.positions
            or early_keys & person.access.keys
        )


def _within(office: int, person: Any) -> bool:
    """Whether the person serves in the organisation of the office now."""
    return bool(Office.objects.filter(pk=office, organisation__in=person.access.organisations).exists())
