"""Guidance: policies, procedures and frameworks, what of them is in force, and who keeps them right."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Office, Person, Position
from cimic_portal.core.sharing.grants import grant_models
from cimic_portal.core.sharing.levels import Component, KeyKind
from cimic_portal.core.sharing.records import Choice, Part, SharedRecord
from cimic_portal.core.sharing.triggers import Named, NamedIn, Roles, shared
from training.models.theme import LessonTheme
from training.querysets.guidance import GuidanceQuerySet


class GuidanceState(models.TextChoices):
    """Fixed, of the whole: draft ↔ in review → in force → withdrawn. A newer version leaves it in force."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    IN_FORCE = "in_force", _("In force")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class GuidanceKind(Choice):
    """A kind of guidance, such as policy or standard operating procedure.

    Personal data: none. Retention: kept, archived when unused.
    """

    class Meta(Choice.Meta):
        verbose_name = _("kind of guidance")
        verbose_name_plural = _("kinds of guidance")


@pghistory.track(exclude=["reader_keys"])
@shared(
    Roles(
        columns=(
            Named("owner_id", KeyKind.POSITION, early=True),
            Named("approver_id", KeyKind.POSITION, early=True),
        ),
        children=(
            NamedIn("training_guidancereviewer", "guidance_id", "position_id", KeyKind.POSITION, early=True),
        ),
    )
)
class Guidance(SharedRecord):
    """A document by which the mission works, in versions; this row is what is true of all of them.

    Published when its first version comes into force. `owner`: the position of the owner office that keeps
    it right and reviews it every `review_months`; `approver`: the position that brings versions into force.
    `in_force_number`: the version that counts, since `in_force_since`. `asked_from`: the version from which
    on an acknowledgement counts, since a small correction asks nobody anew. Days are of the mission's
    calendar. Personal data: who reviewed it. Retention: kept with the mission's archive.
    """

    title = models.CharField(_("title"), max_length=160)
    number = models.CharField(_("number"), max_length=40, blank=True)
    kind = models.ForeignKey(GuidanceKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    theme = models.ForeignKey(
        LessonTheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
    )
    owner = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept right by")
    )
    approver = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brought into force by"),
    )
    review_months = models.PositiveSmallIntegerField(_("reviewed every (months)"), default=12)
    review_due_on = models.DateField(_("review due"), null=True, blank=True)
    reviewed_on = models.DateField(_("reviewed, still right"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    acknowledge_days = models.PositiveSmallIntegerField(_("days to acknowledge"), default=14)
    state = models.CharField(_("state"), max_length=10, choices=GuidanceState, default=GuidanceState.DRAFT)
    state_reason = models.TextField(_("reason"), blank=True, max_length=2000)
    in_force_number = models.PositiveSmallIntegerField(_("version in force"), null=True, blank=True)
    in_force_since = models.DateField(_("in force since"), null=True, blank=True)
    asked_from = models.PositiveSmallIntegerField(_("acknowledged from version"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced by"),
    )

    objects = GuidanceQuerySet.as_manager()  # type: ignore[misc]

    class Meta(SharedRecord.Meta):
        ordering = ["title", "id"]
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        indexes = [
            *SharedRecord.Meta.indexes,
            # The register, by title.
            models.Index(fields=["title", "id"], name="guidance_by_title"),
            # What is to be reviewed: the home page of its owner, and the reminders.
            models.Index(
                fields=["owner", "review_due_on"], name="guidance_review_due", condition=Q(state="in_force")
            ),
        ]
        constraints = [
            *SharedRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="in_force")
                | Q(
                    published_at__isnull=False,
                    in_force_number__isnull=False,
                    in_force_since__isnull=False,
                    asked_from__isnull=False,
                    review_due_on__isnull=False,
                ),
                name="guidance_in_force_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(review_months__gte=1, acknowledge_days__gte=1), name="guidance_has_cycle"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(state_reason=""), name="guidance_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guidance", args=[self.reference])

    @property
    def is_in_force(self) -> bool:
        return self.state == GuidanceState.IN_FORCE

    @property
    def review_is_overdue(self) -> bool:
        due = self.review_due_on
        return self.is_in_force and due is not None and due < timezone.localdate()

    @property
    def state_tone(self) -> str:
        return {"review": "waiting", "in_force": "done", "withdrawn": "refused"}.get(self.state, "draft")


@pghistory.track()
class GuidanceConcern(Part):
    """Who must acknowledge a document: a component, an office with all below it, or a position; one of them.

    It asks and does not open: whoever may not see the document is not asked. Rows are replaced, never
    changed. Personal data: none. Retention: with the document.
    """

    part_of = "guidance"

    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="concerns")
    component = models.PositiveSmallIntegerField(_("component"), choices=Component, null=True, blank=True)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("office with all below"),
    )
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("position"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("who must acknowledge guidance")
        verbose_name_plural = _("who must acknowledge guidance")
        constraints = [
            models.CheckConstraint(
                condition=Q(component__isnull=False, office__isnull=True, position__isnull=True)
                | Q(component__isnull=True, office__isnull=False, position__isnull=True)
                | Q(component__isnull=True, office__isnull=True, position__isnull=False),
                name="guidanceconcern_names_one",
            ),
            models.UniqueConstraint(
                fields=["guidance", "component", "office", "position"],
                name="guidanceconcern_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        if self.component is not None:
            return str(Component(self.component).label)
        if self.office is not None:
            return str(_("%(office)s and all below")) % {"office": self.office}
        return str(self.position)


GuidancePersonGrant, GuidanceGroupGrant = grant_models(Guidance)
