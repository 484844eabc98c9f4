"""The journal of an operation: what happened, in the words of whoever reports it, in turn."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Area, Person, Place, Position
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.models.schedule import TaskState
from operations.querysets.journal import JournalQuerySet, ReachedQuerySet

_STRUCK = ["struck_at", "struck_by", "struck_reason"]


class EntryKind(models.TextChoices):
    """What an entry is about. Fixed."""

    REPORT = "report", _("Report")
    PROGRESS = "progress", _("Task progress")
    SITUATION = "situation", _("Situation change")
    DECISION = "decision", _("Decision")
    CONTACT = "contact", _("Contact")
    LOGISTICS = "logistics", _("Logistics")


_TONES = {
    EntryKind.PROGRESS: "running",
    EntryKind.SITUATION: "waiting",
    EntryKind.DECISION: "done",
}


@pghistory.track()
class JournalEntry(Part):
    """One entry: when, where, who, what. Never changed nor deleted: struck with a reason, or corrected.

    `number`: its place in the journal of the operation, without gaps, as it is quoted on the radio.
    `happened_at` is an instant; `entered_at` says when it was written down. `position`: what the
    author held then. `task_key` and `decision_key` name a task and a decision point through every
    revision of the plan, `task_title` in the words of that day. `client_id` and `digest`: what was
    sent, so that a link that sends twice enters once. Coordinates are decimal degrees, WGS 84.
    Personal data: who wrote, and whom the text names. Retention: with the operation.
    """

    part_of = "operation"

    objects = JournalQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="journal")
    number = models.PositiveIntegerField(_("number"))
    happened_at = models.DateTimeField(_("when"))
    entered_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind, default=EntryKind.REPORT)
    text = models.TextField(_("what"), max_length=4000)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    author = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("as"))
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    location = models.CharField(_("where exactly"), max_length=160, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    task_key = models.UUIDField(_("key of the task"), null=True, blank=True)
    task_title = models.CharField(_("task"), max_length=200, blank=True)
    reported_state = models.CharField(_("task is"), max_length=12, choices=TaskState, blank=True)
    reported_percent = models.PositiveSmallIntegerField(_("per cent"), null=True, blank=True)
    decision_key = models.UUIDField(_("key of the decision point"), null=True, blank=True)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    struck_at = models.DateTimeField(_("struck"), null=True, blank=True)
    struck_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("struck by")
    )
    struck_reason = models.CharField(_("struck, because"), max_length=2000, blank=True)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["-happened_at", "-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            # The journal of one operation, newest first, page after page.
            models.Index(fields=["operation", "-happened_at", "-id"], name="journal_newest"),
            # The journals of all operations, the same way.
            models.Index(fields=["-happened_at", "-id"], name="journal_newest_of_all"),
            # What was entered since somebody last looked.
            models.Index(fields=["operation", "entered_at"], name="journal_entered"),
            # The entries about one task.
            models.Index(
                fields=["operation", "task_key"],
                name="journal_of_task",
                condition=Q(task_key__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["operation", "number"], name="journalentry_number_once"),
            models.UniqueConstraint(fields=["operation", "client_id"], name="journalentry_sent_once"),
            models.CheckConstraint(condition=~Q(text=""), name="journalentry_says_something"),
            models.CheckConstraint(
                condition=Q(is_urgent=False) | Q(kind=EntryKind.SITUATION),
                name="journalentry_urgent_is_a_situation_change",
            ),
            models.CheckConstraint(
                condition=Q(reported_state="", reported_percent__isnull=True)
                | Q(task_key__isnull=False, reported_percent__lte=100),
                name="journalentry_progress_of_a_task",
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_reason="")
                | (Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason="")),
                name="journalentry_struck_with_a_reason",
            ),
        ]
        triggers = [
            # Also from raw SQL: what was written stays as it was written, and is struck once.
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="written_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=_STRUCK),
            ),
            pgtrigger.Protect(
                name="struck_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__struck_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:120]}"

    def get_absolute_url(self) -> str:
        return reverse("journal_entry", args=[self.operation.reference, self.number])

    @property
    def is_struck(self) -> bool:
        return self.struck_at is not None

    @property
    def kind_tone(self) -> str:
        """The colour of its pill: red where it was to be told at once."""
        return "refused" if self.is_urgent else _TONES.get(EntryKind(self.kind), "draft")

    @property
    def where(self) -> str:
        """Place and what was said of it, in one line."""
        return ", ".join(filter(None, [str(self.place) if self.place else "", self.location]))

    @property
    def point(self) -> tuple[Decimal, Decimal] | None:
        """(latitude, longitude) in decimal degrees, or None."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@pghistory.track()
class ReachedDecision(Part):
    """A decision point of the plan whose condition was met, and what was decided then.

    By which entry, and who decides as the plan said then (`decider`; none: whoever leads).
    `title`, `condition` and `follows` are the words of that day. When the entry is struck before the
    decision, it was not reached: `withdrawn_at`. `version` counts from 1.
    Personal data: who decided. Retention: with the operation.
    """

    part_of = "operation"

    objects = ReachedQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="reached")
    decision_key = models.UUIDField(_("key of the decision point"))
    title = models.CharField(_("decision"), max_length=200)
    condition = models.TextField(_("condition"), max_length=2000)
    follows = models.TextField(_("what was to follow"), blank=True, max_length=2000)
    decider = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who decides"),
    )
    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, related_name="reached", verbose_name=_("reached by entry")
    )
    reached_at = models.DateTimeField(_("reached"))
    decision = models.TextField(_("what follows"), blank=True, max_length=2000)
    reason = models.TextField(_("why"), blank=True, max_length=2000)
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_entry = models.OneToOneField(
        JournalEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entry of the decision"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["reached_at", "pk"]
        verbose_name = _("decision point reached")
        verbose_name_plural = _("decision points reached")
        indexes = [
            # What waits for a position's decision.
            models.Index(
                fields=["decider"],
                name="reached_waiting",
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "decision_key"],
                condition=Q(withdrawn_at__isnull=True),
                name="reacheddecision_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="reacheddecision_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="reacheddecision_decided_stands",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_words(self) -> str:
        if self.withdrawn_at is not None:
            return str(_("withdrawn"))
        return str(_("decided")) if self.decided_at else str(_("reached, to be decided"))

    @property
    def state_tone(self) -> str:
        if self.withdrawn_at is not None:
            return "draft"
        return "done" if self.decided_at else "waiting"
