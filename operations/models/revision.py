"""The plan of an operation in its revisions: what stood, what stands, and what is being written."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.sharing.records import Part
from operations.models.operation import Operation
from operations.querysets.revision import RevisionQuerySet


class RevisionState(models.TextChoices):
    """Of one revision. At most one is being written, and at most one is in force."""

    DRAFT = "draft", _("Being written")
    STAFFED = "staffed", _("In staffing")
    SUBMITTED = "submitted", _("To be issued")
    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Superseded")
    DROPPED = "dropped", _("Dropped")


OPEN_REVISIONS = (RevisionState.DRAFT, RevisionState.STAFFED, RevisionState.SUBMITTED)


@pghistory.track()
class PlanRevision(Part):
    """One whole state of the plan. Sections, tasks, risks and the rest are rows of a revision.

    A revision is copied row by row into the next one, so that what was staffed, approved or issued
    stands as it was for ever, and two can be compared. The first of all is revision 1; one that is
    pulled back from staffing is superseded by a copy. After approval a revision is a FRAGO, numbered
    when it is issued. `published_at`: from then on the readers of the operation read it; before it
    those who write do. `participants`: who took part, as what, when it was frozen. `starts_at`,
    `ends_at`: the period as it was frozen, or as the FRAGO changes it; instants. `asked_round`: the
    round in which those who join by the FRAGO were asked last. `decision_reason`: of issuing it
    although somebody who joins objects.
    Personal data: who wrote and decided. Retention: with the operation.
    """

    part_of = "operation"

    objects = RevisionQuerySet.as_manager()  # type: ignore[misc]

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("revision"))
    frago_number = models.PositiveSmallIntegerField(_("FRAGO"), null=True, blank=True)
    is_frago = models.BooleanField(_("amends an order in force"), default=False)
    title = models.CharField(_("what it changes"), max_length=200, blank=True)
    reason = models.TextField(_("why"), blank=True, max_length=4000)
    state = models.CharField(_("state"), max_length=10, choices=RevisionState, default=RevisionState.DRAFT)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("begun by"))
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    decided_at = models.DateTimeField(_("issued"), null=True, blank=True)
    returned_reason = models.TextField(_("why it was returned"), blank=True, max_length=2000)
    decision_reason = models.TextField(_("reasons of the decision"), blank=True, max_length=4000)
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    asked_round = models.PositiveSmallIntegerField(_("round of asking"), null=True, blank=True)
    participants = models.JSONField(_("participants"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["operation", "number"]
        verbose_name = _("revision of a plan")
        verbose_name_plural = _("revisions of plans")
        constraints = [
            models.UniqueConstraint(fields=["operation", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["operation", "frago_number"],
                condition=Q(frago_number__isnull=False),
                name="revision_frago_number_once",
            ),
            models.UniqueConstraint(
                fields=["operation"],
                condition=Q(state__in=["draft", "staffed", "submitted"]),
                name="revision_one_open",
            ),
            models.UniqueConstraint(
                fields=["operation"], condition=Q(state="in_force"), name="revision_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        if self.frago_number:
            return f"FRAGO {self.frago_number:02}"
        return str(_("FRAGO being written") if self.is_frago else _("Plan, revision %d") % self.number)

    @property
    def order_words(self) -> str:
        """What came into force with it: the order, or a FRAGO by its number."""
        return f"FRAGO {self.frago_number:02}" if self.frago_number else str(_("The order"))

    @property
    def period(self) -> tuple[datetime, datetime]:
        """From when to when, as this revision has it; its operation is at hand."""
        return self.starts_at or self.operation.starts_at, self.ends_at or self.operation.ends_at

    @property
    def is_open_frago(self) -> bool:
        """Being written or to be issued: what it changes of the frame does not count yet."""
        return self.is_frago and self.state in OPEN_REVISIONS

    @property
    def is_writable(self) -> bool:
        return self.state == RevisionState.DRAFT

    @classmethod
    def was_open(cls, event: Any, record_event: Any, early_keys: frozenset[int], person: Any) -> bool:
        """As `RevisionQuerySet.visible_to`, on the day of the event."""
        return bool(
            event.published_at is not None
            or record_event.owner_office_id in person.access.owned
            or event.author_id == person.pk
            or early_keys & person.access.keys
        )


class PlanRow(Part):
    """A row of one revision. `key` is the same in every revision, so that rows can be compared.

    `version` counts the changes of the row; each change carries the one that was shown.
    """

    part_of: ClassVar[str] = "revision"

    revision = models.ForeignKey(PlanRevision, on_delete=models.CASCADE, related_name="%(class)ss")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    order = models.PositiveIntegerField(_("order"), default=100)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "key"], name="%(class)s_key_once"),
        ]


class SectionKind(models.TextChoices):
    """The five paragraphs that staff know. Fixed."""

    SITUATION = "situation", _("Situation")
    MISSION = "mission", _("Mission")
    EXECUTION = "execution", _("Execution")
    SUSTAINMENT = "sustainment", _("Sustainment")
    COMMAND = "command", _("Command and signal")


@pghistory.track()
class PlanSection(PlanRow):
    """The text of one paragraph, in simple Markdown: headings, lists, tables, bold.

    Personal data: none beyond the text. Retention: with the operation.
    """

    kind = models.CharField(_("section"), max_length=16, choices=SectionKind)
    text = models.TextField(_("text"), blank=True, max_length=60_000)
    changed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(PlanRow.Meta):
        verbose_name = _("section of the plan")
        verbose_name_plural = _("sections of the plan")
        constraints = [
            *PlanRow.Meta.constraints,
            models.UniqueConstraint(fields=["revision", "kind"], name="plansection_kind_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
